import { useQuery } from '@tanstack/react-query';
import { useClient } from '@shopbell/react';

/** The shop's technicians; none while they are not known. */
export function useTechnicians() {
  const client = useClient();
  const { data } = useQuery({
    queryKey: ['users', 'technician'],
    queryFn: ({ signal }) => client.api.users({ role: 'technician' }, signal),
    staleTime: 5 * 60_000,
  });
  return data?.data.filter(user => user.is_active) ?? [];
}
