import { Link } from '@tanstack/react-router';
import { strings } from '../strings.ts';
import { Nothing } from './Nothing.tsx';

export function NotFoundPage() {
  return (
    <>
      <title>{`${strings.notFound.title} · ${strings.product}`}</title>
      <Nothing
        isPage
        title={strings.notFound.title}
        text={strings.notFound.text}
        action={<Link to="/work-orders">{strings.notFound.back}</Link>}
      />
    </>
  );
}
