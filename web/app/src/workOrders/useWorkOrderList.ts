import type { WorkOrder } from '@shopbell/client';
import { useLiveList, type ListKind } from '../live/useLiveList.ts';
import { belongs, stillBelongs, toApi, type ListFilter } from './filter.ts';

const kind: ListKind<WorkOrder, ListFilter> = {
  name: 'work-orders',
  object: 'work_order',
  size: 50,
  read: (client, filter, page, signal) => client.api.workOrders({ ...toApi(filter), ...page }, signal),
  bring: (rows, seq) => ({ kind: 'work_orders_read', rows, seq }),
  known: state => state.workOrders,
  stillBelongs,
  belongs,
};

export function useWorkOrderList(filter: ListFilter) {
  return useLiveList(kind, filter);
}
