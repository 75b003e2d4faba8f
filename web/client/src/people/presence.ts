import type { Connection } from '../connection/connection.ts';
import type {
  PresentUser,
  RoomAck,
  UserPresence,
  UserPresenceUpdate,
  Viewer,
  ViewerStatus,
} from '../generated/index.ts';
import type { Rooms } from '../live/rooms.ts';
import { Subscribers } from '../subscribers.ts';

export interface PresenceState {
  /** Who is online, as far as this person is told. */
  users: readonly PresentUser[];
  /** The other people at each work order whose room this page is in. */
  viewers: ReadonlyMap<number, readonly Viewer[]>;
}

/** Before anything is heard, and whenever the connection is gone: what is not known is not shown. */
export const nobody: PresenceState = { users: [], viewers: new Map() };

/** Who is here. Nothing of it is stored: it is true as long as the connection lives. */
export class Presence {
  readonly #connection: Connection;
  readonly #subscribers = new Subscribers();
  /** What this page has declared, to be said again after a reconnection. */
  readonly #declared = new Map<number, ViewerStatus>();
  #state: PresenceState = nobody;

  /** After `rooms`, which must have asked to join before a status is declared. */
  constructor(connection: Connection, rooms: Rooms) {
    this.#connection = connection;
    connection.on('presence_snapshot', ({ users }) => this.#become({ ...this.#state, users }));
    connection.on('user_online', user => this.#online(user));
    connection.on('user_offline', ({ userId }) => this.#offline(userId));
    connection.on('user_presence_update', update => this.#update(update));
    rooms.onJoined((room, ack) => this.#joined(room, ack));
    rooms.onLeft(room => this.#left(room));
    connection.subscribe(() => {
      if (!connection.isConnected) this.#become(nobody);
      else for (const [workOrderId, status] of this.#declared) this.#send(workOrderId, status);
    });
  }

  get state(): PresenceState {
    return this.#state;
  }

  /** Calls back after each change; the result undoes it. */
  subscribe = (changed: () => void): (() => void) => this.#subscribers.add(changed);

  /** Tells the others at an order what this person does there; the room has to be wanted. Leaving it takes it back. */
  declare = (status: ViewerStatus, workOrderId: number): void => {
    if (this.#declared.get(workOrderId) === status) return;
    this.#declared.set(workOrderId, status);
    this.#send(workOrderId, status);
  };

  #send(workOrderId: number, status: ViewerStatus): void {
    this.#connection.emit('user_presence', { status, workOrderId });
  }

  #become(state: PresenceState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#subscribers.notify();
  }

  #online({ userId, userName, role }: UserPresence): void {
    const others = this.#state.users.filter(user => user.userId !== userId);
    this.#become({ ...this.#state, users: [...others, { userId, userName, role, status: 'active' }] });
  }

  #offline(userId: number): void {
    const viewers = new Map(
      [...this.#state.viewers].map(([id, here]) => [id, here.filter(viewer => viewer.userId !== userId)]),
    );
    this.#become({ users: this.#state.users.filter(user => user.userId !== userId), viewers });
  }

  #update({ userId, userName, status, workOrderId }: UserPresenceUpdate): void {
    const here = this.#state.viewers.get(workOrderId);
    // The room was left while this was on its way.
    if (here === undefined) return;
    const others = here.filter(viewer => viewer.userId !== userId);
    const now = status === 'left' ? others : [...others, { userId, userName, status }];
    this.#become({ ...this.#state, viewers: new Map(this.#state.viewers).set(workOrderId, now) });
  }

  #joined(room: string, { viewers }: RoomAck): void {
    const workOrderId = workOrderOf(room);
    if (workOrderId === null) return;
    this.#become({ ...this.#state, viewers: new Map(this.#state.viewers).set(workOrderId, viewers) });
  }

  #left(room: string): void {
    const workOrderId = workOrderOf(room);
    if (workOrderId === null) return;
    this.#declared.delete(workOrderId);
    const viewers = new Map(this.#state.viewers);
    if (viewers.delete(workOrderId)) this.#become({ ...this.#state, viewers });
  }
}

const WORK_ORDER = 'work_order_';

export const workOrderRoom = (id: number): string => `${WORK_ORDER}${id}`;

/** The order whose room this is; `null` for any other room. */
export function workOrderOf(room: string): number | null {
  return room.startsWith(WORK_ORDER) ? Number(room.slice(WORK_ORDER.length)) : null;
}
