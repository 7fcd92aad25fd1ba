/**
 * @module features/governance/act-log-page
 * What registrars and administrators did, with filters and export. The chain keeps it; nobody can change it afterwards.
 */
import { Button, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useMemo, useState, type ReactNode } from "react";
import type { AdministrativeAct } from "@carekey/sdk/client";
import { Card } from "../../components/card.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { FilterBar } from "../../components/filter-bar.tsx";
import { FilterSelect } from "../../components/filter-select.tsx";
import { PeriodFields } from "../../components/period-fields.tsx";
import { QueryStates } from "../../components/query-states.tsx";
import { Screen } from "../../components/screen.tsx";
import { TechnicalDetails } from "../../components/technical-details.tsx";
import { saveBlob } from "../../components/viewers/content.ts";
import { csvBlob } from "../../lib/csv.ts";
import { formatDateTime } from "../../lib/format.ts";
import { NO_ACT_FILTERS, actDetail, actWords, actsToCsv, countOf, filterActs, type ActFilters } from "./act-log.ts";
import { useAdministrativeActs } from "./hooks.ts";
import classes from "./governance.module.css";

/** The page. */
export function ActLogPage(): ReactNode {
  const acts = useAdministrativeActs();
  return (
    <Screen title="Log" intro="What registrars decided, about whom and when. Nobody can change it afterwards.">
      <QueryStates
        query={acts}
        label="Reading the log"
        empty={{
          drawing: "activity",
          title: "Nothing has been decided yet",
          text: "Licences that are confirmed, suspended or restored are listed here, with their date.",
        }}
      >
        {(all) => <Log acts={all} />}
      </QueryStates>
    </Screen>
  );
}

function Log({ acts }: { acts: readonly AdministrativeAct[] }): ReactNode {
  const [filters, setFilters] = useState<ActFilters>(NO_ACT_FILTERS);
  const found = useMemo(() => filterActs(acts, filters), [acts, filters]);
  return (
    <>
      <Filters acts={acts} filters={filters} onChange={setFilters} />
      <div className={classes.row}>
        <Text role="status" c="dimmed">
          {found.length === 1 ? "One act" : `${found.length} acts`}
        </Text>
        <Button
          variant="default"
          leftSection={<IconDownload size={20} aria-hidden />}
          onClick={() => saveBlob(csvBlob(actsToCsv(found)), "registrar-log.csv")}
        >
          Save this list (CSV)
        </Button>
      </div>
      {found.length === 0 ? (
        <EmptyState drawing="search" title="Nothing fits" text="Try fewer words or another kind." />
      ) : (
        <Card padding="none">
          <ol className={classes.log}>
            {found.map((act) => (
              <li key={act.id}>
                <ActRow act={act} />
              </li>
            ))}
          </ol>
        </Card>
      )}
    </>
  );
}

type FiltersProps = {
  acts: readonly AdministrativeAct[];
  filters: ActFilters;
  onChange: (filters: ActFilters) => void;
};

function Filters({ acts, filters, onChange }: FiltersProps): ReactNode {
  const set = (values: Partial<ActFilters>) => onChange({ ...filters, ...values });
  const kinds = [...new Set(acts.map(({ kind }) => kind))];
  return (
    <FilterBar
      searchLabel="Search the log"
      placeholder="Name, address or reason"
      search={filters.search}
      onSearch={(search) => set({ search })}
      activeCount={countOf(filters)}
      onClear={() => onChange(NO_ACT_FILTERS)}
    >
      <FilterSelect
        label="What"
        anyLabel="Everything"
        value={filters.kind}
        onChange={(kind) => set({ kind })}
        choices={kinds.map((kind) => ({ value: kind, label: actWords[kind] }))}
      />
      <PeriodFields period={filters} onChange={set} />
    </FilterBar>
  );
}

function ActRow({ act }: { act: AdministrativeAct }): ReactNode {
  const detail = actDetail(act);
  return (
    <div className={classes.act}>
      <div className={classes.row}>
        <Text component="div" className={classes.words}>
          {actWords[act.kind]}: <strong>{act.name}</strong>
        </Text>
        <time className={classes.date} dateTime={new Date(act.at * 1000).toISOString()}>
          {formatDateTime(act.at)}
        </time>
      </div>
      {detail !== null && <Text c="dimmed">{detail}</Text>}
      <Text c="dimmed">{act.chain === null ? `By ${act.byName}, in your own notes` : `By ${act.byName}`}</Text>
      <TechnicalDetails
        facts={[
          { label: "About", value: act.account, copy: act.account },
          { label: "By", value: act.by, copy: act.by },
          ...(act.chain === null
            ? []
            : [
                { label: "Transaction", value: act.chain.txHash, copy: act.chain.txHash },
                { label: "Block", value: String(act.chain.blockNumber) },
              ]),
        ]}
      />
    </div>
  );
}
