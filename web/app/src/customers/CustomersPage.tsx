import { getRouteApi, Link } from '@tanstack/react-router';
import { mayEditCustomers, type Customer } from '@shopbell/client';
import { Avatar } from '../look/Avatar.tsx';
import { LinkButton } from '../look/LinkButton.tsx';
import { List } from '../look/List.tsx';
import { SearchField } from '../look/SearchField.tsx';
import { useUser } from '../session/useSession.ts';
import { Nothing } from '../shell/Nothing.tsx';
import { PageHead } from '../shell/PageHead.tsx';
import { strings } from '../strings.ts';
import { useCustomers } from './useCustomers.ts';
import styles from './CustomersPage.module.css';

const route = getRouteApi('/shell/customers');
const words = strings.customers;

export function CustomersPage() {
  const user = useUser();
  const { search = '' } = route.useSearch();
  const navigate = route.useNavigate();
  const list = useCustomers(search);
  const seesContact = mayEditCustomers(user);
  const empty = (
    <Nothing title={words.emptyTitle} text={search === '' ? words.emptyAll : words.emptyFiltered} />
  );
  return (
    <>
      <PageHead title={words.title}>
        {seesContact && <LinkButton to="/customers/new">{words.add}</LinkButton>}
      </PageHead>
      <search className={styles.search}>
        <SearchField
          label={words.searchName}
          placeholder={seesContact ? words.search : words.searchShort}
          value={search}
          onChange={next => void navigate({ search: next === '' ? {} : { search: next }, replace: true })}
        />
      </search>
      <List list={list} label={words.title} words={words} empty={empty}>
        {list.rows.map(row => (
          <CustomerRow key={row.id} row={row} />
        ))}
      </List>
    </>
  );
}

function CustomerRow({ row }: { row: Customer }) {
  return (
    <li>
      <Link to="/customers/$id" params={{ id: String(row.id) }} className={styles.row}>
        <Avatar name={row.name} />
        <span className={styles.name}>{row.name}</span>
        {row.phone !== null && <span className={styles.contact}>{row.phone}</span>}
        {row.email !== null && <span className={styles.contact}>{row.email}</span>}
      </Link>
    </li>
  );
}
