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
