import { Button, type ButtonProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { ComponentProps } from 'react';
import styles from './LinkButton.module.css';

type Props = ButtonProps & Omit<ComponentProps<'a'>, keyof ButtonProps>;

const Anchor = (props: Props) => <Button component="a" className={styles.button} {...props} />;

/** A link that is pressed like a button, because it begins something. */
export const LinkButton = createLink(Anchor);
