import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { ApiError } from '@shopbell/client';
import { BackIcon } from '../look/icons.tsx';
import { PageTitle } from '../shell/PageTitle.tsx';
import { strings } from '../strings.ts';
import styles from './FormPage.module.css';

interface Props {
  title: string;
  back: { to: '/work-orders' | '/tickets' | '/customers'; name: string };
  form: { error: ApiError | null };
  onSubmit: () => void;
  children: ReactNode;
}

/** A page that is a form, with what the server had against it. */
export function FormPage({ title, back, form, onSubmit, children }: Props) {
  return (
    <div className={styles.page}>
      <PageTitle>{title}</PageTitle>
      <Link to={back.to} className={styles.back}>
        <BackIcon />
        {back.name}
      </Link>
      <h1>{title}</h1>
      <form
        className={styles.form}
        aria-label={title}
        onSubmit={event => {
          event.preventDefault();
          onSubmit();
        }}
      >
        {children}
        {form.error !== null && (
          <p role="alert" className={styles.error}>
            {strings.refusal(form.error)}
          </p>
        )}
      </form>
    </div>
  );
}
