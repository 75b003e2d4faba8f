interface Props {
  className?: string | undefined;
}

/** The counter bell of the name, in the colour of the text around. */
export function Bell({ className }: Props) {
  return (
    <svg className={className} viewBox="0 0 32 26" fill="currentColor" aria-hidden>
      <rect x="14" y="1" width="4" height="5" rx="1.5" />
      <path d="M4 18.5a12 12 0 0 1 24 0z" />
      <rect x="2" y="20.5" width="28" height="4.5" rx="2.25" />
    </svg>
  );
}
