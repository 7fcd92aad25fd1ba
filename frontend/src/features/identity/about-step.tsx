/**
 * @module features/identity/about-step
 * Who registers: a patient, a doctor, an organisation, or the registrar, whom the chain names.
 */
import { Button, NativeSelect, Radio, Stack, Text, TextInput } from "@mantine/core";
import { useState, type FormEvent, type ReactNode } from "react";
import { Notice } from "../../components/notice.tsx";

/** Who somebody is, as they register. */
export type About = { role: 1 | 2 | 3; name: string; speciality: string };

/** Props of {@link AboutStep}. */
export type AboutStepProps = { isRegistrar: boolean; about: About; onNext: (about: About) => void };

const roles = [
  { value: "1", title: "I am a patient", text: "I keep my own records and share them with my doctors." },
  {
    value: "2",
    title: "I am a doctor or work in care",
    text: "I read what patients share with me and send them entries.",
  },
  {
    value: "3",
    title: "We are a hospital, laboratory or insurer",
    text: "We say who works for us, and read what patients share with us.",
  },
] as const;

const ORGANISATIONS = ["Hospital", "Practice", "Laboratory", "Pharmacy", "Insurer"];

/** Asks for the role and, for those who are found by name, the name. */
export function AboutStep({ isRegistrar, about, onNext }: AboutStepProps): ReactNode {
  const [role, setRole] = useState<About["role"]>(isRegistrar ? 3 : about.role);
  const [name, setName] = useState(about.name);
  const [speciality, setSpeciality] = useState(about.speciality);
  const isPublic = role !== 1;
  const isOrganisation = role === 3 && !isRegistrar;
  const chooseRole = (value: string) => {
    setRole(value === "2" ? 2 : value === "3" ? 3 : 1);
    setSpeciality(value === "3" ? ORGANISATIONS[0]! : "");
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onNext({ role, name: name.trim(), speciality: role === 2 || isOrganisation ? speciality.trim() : "" });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="lg">
        {isRegistrar ? (
          <Notice tone="accent" title="You are the registrar of this Carekey">
            <Text>You check the licences of doctors. You can read no record.</Text>
          </Notice>
        ) : (
          <Radio.Group label="Who are you?" value={String(role)} onChange={chooseRole}>
            <Stack gap="sm" mt={8}>
              {roles.map(({ value, title, text }) => (
                <Radio.Card key={value} value={value} p="md" radius="md" className="carekey-choice">
                  <Radio.Indicator size="md" />
                  <span>
                    <strong>{title}</strong>
                    <Text component="span" c="dimmed" display="block">
                      {text}
                    </Text>
                  </span>
                </Radio.Card>
              ))}
            </Stack>
          </Radio.Group>
        )}
        {isPublic && (
          <>
            <TextInput
              label={nameLabel(role, isRegistrar)}
              description="Everyone can see this. Patients find you by it."
              placeholder={isRegistrar ? "Medical registry" : isOrganisation ? "City Hospital" : "Dr Maria Rossi"}
              autoComplete="name"
              maxLength={80}
              required
              withAsterisk={false}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            {isOrganisation && (
              <NativeSelect
                label="What are you?"
                data={ORGANISATIONS}
                value={speciality}
                onChange={(event) => setSpeciality(event.currentTarget.value)}
              />
            )}
            {role === 2 && (
              <TextInput
                label="Speciality"
                placeholder="General practice"
                maxLength={80}
                required
                withAsterisk={false}
                value={speciality}
                onChange={(event) => setSpeciality(event.currentTarget.value)}
              />
            )}
          </>
        )}
        {!isPublic && (
          <Text c="dimmed">
            Nothing about you is published: no name and no date of birth. You tell your name only to those with whom you
            share.
          </Text>
        )}
        <Button type="submit" disabled={isPublic && (name.trim() === "" || (role === 2 && speciality.trim() === ""))}>
          Continue
        </Button>
      </Stack>
    </form>
  );
}

function nameLabel(role: About["role"], isRegistrar: boolean): string {
  if (isRegistrar) return "Name of your office";
  return role === 3 ? "Name of your organisation" : "Your name and title";
}
