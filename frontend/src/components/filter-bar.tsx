/**
 * @module components/filter-bar
 * Search, and all other filters of a list behind one button that says how many are in use.
 */
import { Badge, Button, CloseButton, TextInput, VisuallyHidden } from "@mantine/core";
import { IconAdjustmentsHorizontal, IconSearch } from "@tabler/icons-react";
import { useId, useState, type ReactNode } from "react";
import classes from "./filter-bar.module.css";

/** Props of {@link FilterBar}. */
export type FilterBarProps = {
  /** What the search field is called, for those who do not see it. */
  searchLabel: string;
  placeholder: string;
  search: string;
  onSearch: (words: string) => void;
  /** How many of the filters behind the button narrow the list. */
  activeCount: number;
  onClear: () => void;
  /** The filters behind the button. */
  children: ReactNode;
};

/** One line above a list, also on a phone. */
export function FilterBar(props: FilterBarProps): ReactNode {
  const { searchLabel, placeholder, search, onSearch, activeCount, onClear, children } = props;
  const [isOpen, setIsOpen] = useState(false);
  const panelId = useId();
  return (
    <search className={classes.root}>
      <div className={classes.line}>
        <TextInput
          className={classes.search}
          aria-label={searchLabel}
          placeholder={placeholder}
          leftSection={<IconSearch size={20} aria-hidden />}
          value={search}
          onChange={(event) => onSearch(event.currentTarget.value)}
          rightSectionWidth={48}
          rightSection={search !== "" && <CloseButton aria-label="Clear the search" onClick={() => onSearch("")} />}
        />
        <Button
          variant="default"
          leftSection={<IconAdjustmentsHorizontal size={20} aria-hidden />}
          rightSection={
            activeCount > 0 && (
              <Badge circle>
                {activeCount}
                <VisuallyHidden> in use</VisuallyHidden>
              </Badge>
            )
          }
          aria-expanded={isOpen}
          aria-controls={panelId}
          onClick={() => setIsOpen(!isOpen)}
        >
          Filter
        </Button>
        {(activeCount > 0 || search.trim() !== "") && (
          <Button variant="subtle" onClick={onClear}>
            Clear
          </Button>
        )}
      </div>
      <div id={panelId} hidden={!isOpen}>
        <div className={classes.choices}>{children}</div>
      </div>
    </search>
  );
}
