import type { ReactNode } from 'react';

/* Drawn on one 24-unit grid with one stroke, always beside a word or inside something that has a name. */

function Icon({ children, size = 22 }: { children: ReactNode; size?: number }) {
  return (
    <svg
      viewBox="0 0 24 24"
      width={size}
      height={size}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.75"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden
    >
      {children}
    </svg>
  );
}

export const WrenchIcon = () => (
  <Icon>
    <path d="M14.5 6.5a4 4 0 0 1 5-1l-2.8 2.8 1 1.9 2.2.4L22 8.500a4.200 4.200 0 0 1-5.800 4.600L8.600 20.700a2 2 0 0 1-2.900-2.900l7.700-7.500a4.200 4.200 0 0 1 1.100-3.800Z" />
  </Icon>
);

export const InboxIcon = () => (
  <Icon>
    <path d="M6 10a6 6 0 0 1 12 0c0 5 2 6 2 7H4c0-1 2-2 2-7Z" />
    <path d="M10 20a2 2 0 0 0 4 0" />
  </Icon>
);

export const SearchIcon = () => (
  <Icon size={18}>
    <circle cx="11" cy="11" r="6.5" />
    <path d="m16 16 4.500 4.500" />
  </Icon>
);

export const ChevronIcon = () => (
  <Icon size={16}>
    <path d="m7 10 5 5 5-5" />
  </Icon>
);

export const BackIcon = () => (
  <Icon size={18}>
    <path d="M19 12H5m6-6-6 6 6 6" />
  </Icon>
);

export const PencilIcon = () => (
  <Icon size={16}>
    <path d="m5 19 .8-3.600L16.500 4.700a1.800 1.800 0 0 1 2.600 0l.2.2a1.800 1.800 0 0 1 0 2.600L8.600 18.200 5 19Z" />
  </Icon>
);

export const BoardIcon = () => (
  <Icon>
    <rect x="3.5" y="4.5" width="4.5" height="15" rx="1.25" />
    <rect x="10" y="4.5" width="4.5" height="10" rx="1.25" />
    <rect x="16.500" y="4.5" width="4.5" height="6" rx="1.25" />
  </Icon>
);

export const TicketIcon = () => (
  <Icon>
    <path d="M4 7.500A1.500 1.500 0 0 1 5.500 6h13A1.500 1.500 0 0 1 20 7.500V10a2 2 0 0 0 0 4v2.500a1.500 1.500 0 0 1-1.500 1.500h-13A1.500 1.500 0 0 1 4 16.500V14a2 2 0 0 0 0-4Z" />
    <path d="M14 6.500v2m0 2.500v2m0 2.500v2" />
  </Icon>
);

export const PersonIcon = () => (
  <Icon>
    <circle cx="12" cy="8.500" r="3.500" />
    <path d="M5 19.500c.600-3.600 3.400-5.500 7-5.500s6.400 1.900 7 5.500" />
  </Icon>
);

export const MoveIcon = () => (
  <Icon size={18}>
    <path d="M4 12h15m-5-5 5 5-5 5" />
  </Icon>
);
