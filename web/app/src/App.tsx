import { MantineProvider } from '@mantine/core';
import { RouterProvider } from '@tanstack/react-router';
import { cssVariables, theme } from './look/theme.ts';
import { router } from './router.tsx';
import { session } from './session/session.ts';

/** The whole application; which page is shown is the router's business. */
export function App() {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" cssVariablesResolver={cssVariables}>
      <RouterProvider router={router} context={{ session }} />
    </MantineProvider>
  );
}
