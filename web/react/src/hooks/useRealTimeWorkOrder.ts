import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import {
  withPending,
  workOrderRoom,
  type ApiError,
  type Typist,
  type Viewer,
  type WorkOrder,
} from '@shopbell/client';
import { useClient, useConnectionState } from '../contexts/WebSocketContext.tsx';
import { useLive } from './useLive.ts';
import { useOutboxItems } from './useOutbox.ts';
import { useViewers } from './usePresence.ts';
import { useReading } from './useReading.ts';
import { useTyping } from './useTyping.ts';

/** How long `isUpdating` stays true after a change arrived, in milliseconds: long enough to be seen. */
const UPDATING_MS = 1000;

export interface RealTimeWorkOrder {
  /** The order as it is now, with what this person did and is not sent yet; `null` while nothing is known of it, and once it may not be seen any more. */
  workOrder: WorkOrder | null;
  /** Puts in a row that came from elsewhere, such as the answer to a PATCH. One older than what is known is ignored. */
  setWorkOrder: (next: WorkOrder | ((current: WorkOrder) => WorkOrder)) => void;
  /** A change has just arrived. */
  isUpdating: boolean;
  isConnected: boolean;
  /** It does not exist for this person: never did, or was taken from their sight. */
  isRemoved: boolean;
  error: ApiError | null;
  /** The other people at this order, and what they do there. */
  viewers: readonly Viewer[];
  /** Those of them who type now. */
  typists: readonly Typist[];
  /** `editing` while this person has a field open, `viewing` again after. That they are idle or away shows by itself. */
  sendPresenceUpdate: (status: 'viewing' | 'editing') => void;
  /** To be called with `true` at every letter, with `false` when the person has done. */
  sendTypingIndicator: (isTyping: boolean, field?: string) => void;
}

/**
 * A work order that stays current while mounted: begins with the row or the id that it is given, reads it, hears its
 * changes, and is in its room, where the others see this person.
 */
export function useRealTimeWorkOrder(initial: WorkOrder | number | null | undefined): RealTimeWorkOrder {
  const client = useClient();
  const isConnected = useConnectionState() === 'connected';
  const given = typeof initial === 'number' ? null : (initial ?? null);
  const id = typeof initial === 'number' ? initial : (initial?.id ?? null);

  const known = useLive(state => (id === null ? undefined : state.workOrders.get(id)?.row));
  const isRemoved = useLive(state => id !== null && state.removed.has(id));
  const { error } = useReading(id === null ? null : client.workOrder(id));
  const isUpdating = useIsUpdating(id);

  const { viewers, sendPresenceUpdate } = useBeingAt(id);
  const { typists, sendTyping } = useTyping(id === null ? null : workOrderRoom(id));

  const newest = known !== undefined && (given === null || known.version >= given.version) ? known : given;
  const row = isRemoved ? null : newest;
  const items = useOutboxItems();
  const workOrder = useMemo(() => row && withPending('work_order', row, items), [row, items]);

  const setWorkOrder = useCallback<RealTimeWorkOrder['setWorkOrder']>(
    next => {
      const put = typeof next === 'function' ? row && next(row) : next;
      if (put === null) return;
      const seq = client.store.newest.workOrders.get(put.id)?.seq ?? 0;
      client.store.apply({ kind: 'work_orders_read', rows: [put], seq });
    },
    [client, row],
  );

  return {
    workOrder,
    setWorkOrder,
    isUpdating,
    isConnected,
    isRemoved,
    error,
    viewers,
    typists,
    sendPresenceUpdate,
    sendTypingIndicator: sendTyping,
  };
}

/** Joins and leaves the order's room, and tells there what this person does. */
function useBeingAt(id: number | null) {
  const { rooms, presence, attention } = useClient();
  const viewers = useViewers(id);
  const doing = useRef<'viewing' | 'editing'>('viewing');

  const declare = useCallback(() => {
    if (id === null) return;
    presence.declare(attention.state === 'active' ? doing.current : attention.state, id);
  }, [presence, attention, id]);

  useEffect(() => {
    if (id === null) return;
    const room = workOrderRoom(id);
    rooms.join(room);
    declare();
    const undo = attention.subscribe(declare);
    return () => {
      undo();
      rooms.leave(room);
    };
  }, [id, rooms, attention, declare]);

  const sendPresenceUpdate = useCallback<RealTimeWorkOrder['sendPresenceUpdate']>(
    status => {
      doing.current = status;
      declare();
    },
    [declare],
  );
  return { viewers, sendPresenceUpdate };
}

function useIsUpdating(id: number | null): boolean {
  const { timeline } = useClient();
  const [isUpdating, setIsUpdating] = useState(false);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const undo = timeline.onNews(events => {
      if (!events.some(({ kind, payload }) => kind === 'work_order_updated' && payload.workOrderId === id))
        return;
      setIsUpdating(true);
      clearTimeout(timer);
      timer = setTimeout(() => setIsUpdating(false), UPDATING_MS);
    });
    return () => {
      undo();
      clearTimeout(timer);
      setIsUpdating(false);
    };
  }, [timeline, id]);
  return isUpdating;
}
