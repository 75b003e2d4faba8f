// The demo people of contract section 9.
import type { Role } from './wire.ts';

export const password = 'shopbell-demo';

export interface DemoPerson {
  readonly shop: number;
  readonly role: Role;
  readonly name: string;
  readonly email: string;
}

export const people = {
  admin: { shop: 1, role: 'admin', name: 'Ana Novak', email: 'admin@shopbell.test' },
  manager: { shop: 1, role: 'manager', name: 'Marko Kovač', email: 'manager@shopbell.test' },
  tarik: { shop: 1, role: 'technician', name: 'Tarik Šehić', email: 'tech1@shopbell.test' },
  jelena: { shop: 1, role: 'technician', name: 'Jelena Đurić', email: 'tech2@shopbell.test' },
  desk: { shop: 1, role: 'front_desk', name: 'Dana Horvat', email: 'desk@shopbell.test' },
  otherAdmin: { shop: 2, role: 'admin', name: 'Olga Other', email: 'admin@other.test' },
  otherTechnician: { shop: 2, role: 'technician', name: 'Theo Other', email: 'tech@other.test' },
} as const satisfies Record<string, DemoPerson>;

export type Who = keyof typeof people;

/** Everyone who works in shop 1; what they see together is that shop's whole journal. */
export const staff = ['admin', 'manager', 'tarik', 'jelena', 'desk'] as const satisfies readonly Who[];
