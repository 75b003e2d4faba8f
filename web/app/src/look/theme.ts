import { createElement } from 'react';
import { createTheme, NativeSelect, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';
import { ChevronIcon } from './icons.tsx';

const pine: MantineColorsTuple = [
  '#e3f1ec',
  '#c6e3d9',
  '#9dd0c0',
  '#6fbaa4',
  '#3f9f86',
  '#1f8a6f',
  '#147a63',
  '#0b6250',
  '#0a5042',
  '#0c3a32',
];

/** Greys with a breath of the same green; Mantine's inputs and menus take theirs from here in the dark. */
const dark: MantineColorsTuple = [
  '#e6eeea',
  '#c4d1cb',
  '#9cb0a7',
  '#6d827a',
  '#3b4a44',
  '#26322d',
  '#1a2420',
  '#171f1c',
  '#111815',
  '#0f1513',
];

export const theme = createTheme({
  primaryColor: 'pine',
  primaryShade: { light: 7, dark: 6 },
  colors: { pine, dark },
  fontFamily: "'Figtree Variable', system-ui, sans-serif",
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    NativeSelect: NativeSelect.extend({ defaultProps: { rightSection: createElement(ChevronIcon) } }),
  },
});

const shared = {
  '--mantine-color-body': 'var(--surface)',
  '--mantine-color-text': 'var(--ink)',
  '--mantine-color-dimmed': 'var(--ink-soft)',
  '--mantine-color-placeholder': 'var(--ink-soft)',
  '--mantine-color-default': 'var(--surface)',
  '--mantine-color-default-hover': 'var(--hover)',
  '--mantine-color-default-color': 'var(--ink)',
  '--mantine-color-default-border': 'var(--line-strong)',
  '--mantine-color-error': 'var(--danger)',
};

/** Mantine's own colours by this application's names. Under both schemes, where Mantine would set its own again. */
export const cssVariables: CSSVariablesResolver = () => ({ variables: {}, light: shared, dark: shared });
