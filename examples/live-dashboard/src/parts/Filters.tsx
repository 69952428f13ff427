import { everything, type Filter, orders } from "../filter.ts";
import type { SessionOrder, SessionStatus } from "../generated/graphql.ts";
import { texts } from "../texts.ts";

const statuses: (SessionStatus | null)[] = [null, "CREATED", "IN_PROGRESS", "COMPLETED", "EVALUATED"];

interface FiltersProps {
  filter: Filter;
  onChange(filter: Filter): void;
}

export function Filters({ filter, onChange }: FiltersProps) {
  const change = (part: Partial<Filter>): void => onChange({ ...filter, ...part });
  return (
    <search className="filters">
      <fieldset>
        <legend className="unseen">{texts.filter}</legend>
        {statuses.map((option) => (
          <label key={option ?? "all"}>
            <input
              type="radio"
              name="status"
              className="unseen"
              checked={filter.status === option}
              onChange={() => change({ status: option })}
            />
            <span>{option === null ? texts.all : texts.statuses[option]}</span>
          </label>
        ))}
      </fieldset>
      <input
        type="search"
        maxLength={100}
        aria-label={`${texts.search}: ${texts.searchHint}`}
        placeholder={texts.searchHint}
        value={filter.search}
        onChange={(event) => change({ search: event.target.value })}
      />
      <div className="more">
        <label>
          {texts.from}
          <input
            type="date"
            value={filter.from}
            max={filter.to || undefined}
            onChange={(event) => change({ from: event.target.value })}
          />
        </label>
        <label>
          {texts.to}
          <input
            type="date"
            value={filter.to}
            min={filter.from || undefined}
            onChange={(event) => change({ to: event.target.value })}
          />
        </label>
        <label>
          {texts.order}
          <select value={filter.order} onChange={(event) => change({ order: event.target.value as SessionOrder })}>
            {orders.map((order) => (
              <option key={order} value={order}>
                {texts.orders[order]}
              </option>
            ))}
          </select>
        </label>
        <button type="button" className="quiet" disabled={filter === everything} onClick={() => onChange(everything)}>
          {texts.clear}
        </button>
      </div>
    </search>
  );
}
