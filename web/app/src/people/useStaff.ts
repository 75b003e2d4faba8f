import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { User } from '@shopbell/client';
import { useClient } from '@shopbell/react';

const none: User[] = [];

/** Everybody of the shop, with whether it could be asked. */
export function useStaffQuery() {
  const client = useClient();
  return useQuery({
    queryKey: ['users'],
    queryFn: async ({ signal }) => (await client.api.users({}, signal)).data,
    staleTime: 5 * 60_000,
  });
}

/** Everybody of the shop, also who left; none while they are not known. */
export function useStaff(): User[] {
  return useStaffQuery().data ?? none;
}

/** The shop's technicians; none while they are not known. */
export function useTechnicians(): User[] {
  const staff = useStaff();
  return useMemo(() => staff.filter(user => user.role === 'technician' && user.is_active), [staff]);
}
