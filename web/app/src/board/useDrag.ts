import { useCallback, useEffect, useEffectEvent, useRef, useState, type PointerEvent } from 'react';

/** How far a mouse goes before a press is a drag, in pixels; and how long a finger rests, in milliseconds. */
const SLACK = 6;
const PRESS_MS = 280;
/** So near the board's edge it scrolls on. */
const EDGE = 56;

export interface Drag {
  id: number;
  /** The place under the pointer, by its `data-place`. */
  over: string | null;
  /** Where the card was taken from, on the screen. */
  from: { top: number; left: number; width: number; height: number };
  /** How far it has gone. */
  x: number;
  y: number;
}

interface Press {
  id: number;
  pointer: number;
  startX: number;
  startY: number;
  card: HTMLElement;
  from: Drag['from'];
  isDragging: boolean;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/**
 * Cards in a person's hand: a mouse drags at once, a finger after it has rested, so that a swipe scrolls still. Places to
 * drop on carry `data-place`; the scrolled board is `[data-board]`.
 */
export function useDrag(onDrop: (id: number, place: string) => void) {
  const press = useRef<Press | null>(null);
  const wasDragged = useRef(false);
  const [drag, setDrag] = useState<Drag | null>(null);
  const isDragging = drag !== null;

  const end = useEffectEvent((place: string | null) => {
    const held = press.current;
    press.current = null;
    clearTimeout(held?.timer);
    if (held?.isDragging) {
      wasDragged.current = true;
      // The click that follows the release is no wish to open the card.
      setTimeout(() => (wasDragged.current = false), 0);
      setDrag(null);
      if (place !== null) onDrop(held.id, place);
    }
  });

  const moved = useEffectEvent((x: number, y: number) => {
    const held = press.current;
    if (held === null || !held.isDragging) return;
    setDrag({
      id: held.id,
      over: placeAt(x, y),
      from: held.from,
      x: x - held.startX,
      y: y - held.startY,
    });
    scrollAtEdge(held.card, x);
  });

  const begin = useCallback((held: Press) => {
    held.isDragging = true;
    held.from = held.card.getBoundingClientRect();
    setDrag({ id: held.id, over: placeAt(held.startX, held.startY), from: held.from, x: 0, y: 0 });
  }, []);

  useEffect(() => {
    const onMove = (event: globalThis.PointerEvent) => {
      const held = press.current;
      if (held === null || event.pointerId !== held.pointer) return;
      const far = Math.hypot(event.clientX - held.startX, event.clientY - held.startY) > SLACK;
      if (!held.isDragging && far) {
        if (event.pointerType === 'mouse') begin(held);
        // A finger that moves before it has rested scrolls.
        else {
          clearTimeout(held.timer);
          press.current = null;
        }
      }
      moved(event.clientX, event.clientY);
    };
    const onUp = (event: globalThis.PointerEvent) => {
      if (event.pointerId === press.current?.pointer) end(placeAt(event.clientX, event.clientY));
    };
    const onCancel = () => end(null);
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && press.current !== null) end(null);
    };
    // Once a card is in hand, the finger's moves are the card's and not the page's.
    const onTouchMove = (event: TouchEvent) => {
      if (press.current?.isDragging) event.preventDefault();
    };
    window.addEventListener('pointermove', onMove);
    window.addEventListener('pointerup', onUp);
    window.addEventListener('pointercancel', onCancel);
    window.addEventListener('keydown', onKey);
    window.addEventListener('touchmove', onTouchMove, { passive: false });
    return () => {
      window.removeEventListener('pointermove', onMove);
      window.removeEventListener('pointerup', onUp);
      window.removeEventListener('pointercancel', onCancel);
      window.removeEventListener('keydown', onKey);
      window.removeEventListener('touchmove', onTouchMove);
      clearTimeout(press.current?.timer);
    };
  }, [begin]);

  useEffect(() => {
    document.documentElement.toggleAttribute('data-dragging', isDragging);
    return () => document.documentElement.removeAttribute('data-dragging');
  }, [isDragging]);

  return {
    drag,
    /** For each card that may be moved. */
    handle: (id: number) => ({
      onPointerDown: (event: PointerEvent<HTMLElement>) => {
        if (event.button !== 0 || press.current !== null) return;
        // The button of the card's menu is no handle.
        if ((event.target as HTMLElement).closest('button') !== null) return;
        const held: Press = {
          id,
          pointer: event.pointerId,
          startX: event.clientX,
          startY: event.clientY,
          card: event.currentTarget,
          from: { top: 0, left: 0, width: 0, height: 0 },
          isDragging: false,
          timer: undefined,
        };
        if (event.pointerType !== 'mouse') held.timer = setTimeout(() => begin(held), PRESS_MS);
        press.current = held;
      },
      // The browser would drag the link's address, and a long press would open its menu.
      onDragStart: (event: { preventDefault: () => void }) => event.preventDefault(),
      onContextMenu: (event: { preventDefault: () => void }) => {
        if (press.current !== null) event.preventDefault();
      },
      onClickCapture: (event: { preventDefault: () => void; stopPropagation: () => void }) => {
        if (!wasDragged.current) return;
        event.preventDefault();
        event.stopPropagation();
      },
    }),
  };
}

function placeAt(x: number, y: number): string | null {
  // The card in hand lets the pointer through.
  const place = document.elementFromPoint(x, y)?.closest<HTMLElement>('[data-place]');
  return place?.dataset['place'] ?? null;
}

function scrollAtEdge(card: HTMLElement, x: number): void {
  const board = card.closest('[data-board]');
  if (board === null) return;
  const { left, right } = board.getBoundingClientRect();
  if (x < left + EDGE) board.scrollBy({ left: -24 });
  else if (x > right - EDGE) board.scrollBy({ left: 24 });
}
