import { Button } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { mayChangeMany, mayOpenWorkOrders } from '@shopbell/client';
import { LinkButton } from '../look/LinkButton.tsx';
import { useUser } from '../session/useSession.ts';
import { PageHead } from '../shell/PageHead.tsx';
import { strings } from '../strings.ts';
import { BulkBar } from './BulkBar.tsx';
import type { ListFilter } from './filter.ts';
import { useWorkOrderList } from './useWorkOrderList.ts';
import { WorkOrderFilters } from './WorkOrderFilters.tsx';
import { WorkOrderList } from './WorkOrderList.tsx';

const route = getRouteApi('/shell/work-orders');
const words = strings.workOrders;

export function WorkOrdersPage() {
  const user = useUser();
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const list = useWorkOrderList(filter);
  const [selected, setSelected] = useState<ReadonlySet<number> | null>(null);
  // The history keeps places, not every letter of a search.
  const change = (next: ListFilter) => void navigate({ search: next, replace: true });
  // What is no longer on the list is not changed with it.
  const chosen =
    selected === null ? null : new Set(list.rows.map(row => row.id).filter(id => selected.has(id)));

  return (
    <>
      <PageHead title={words.title} count={!list.isLoading && words.shown(list.rows.length, !list.hasMore)}>
        {mayChangeMany(user) && (
          <Button
            variant="default"
            aria-pressed={chosen !== null}
            onClick={() => setSelected(chosen === null ? new Set() : null)}
          >
            {chosen === null ? strings.bulk.start : strings.bulk.stop}
          </Button>
        )}
        {mayOpenWorkOrders(user) && <LinkButton to="/work-orders/new">{strings.newWorkOrder.add}</LinkButton>}
      </PageHead>
      <WorkOrderFilters filter={filter} onChange={change} />
      <WorkOrderList
        list={list}
        isFiltered={Object.keys(filter).length > 0}
        onClear={() => change({})}
        selected={chosen}
        onSelect={(id, isSelected) => {
          const next = new Set(chosen);
          if (isSelected) next.add(id);
          else next.delete(id);
          setSelected(next);
        }}
      />
      {chosen !== null && (
        <BulkBar
          chosen={list.rows.filter(row => chosen.has(row.id))}
          shown={list.rows}
          onSelect={ids => setSelected(new Set(ids))}
          onDone={() => setSelected(null)}
        />
      )}
    </>
  );
}
