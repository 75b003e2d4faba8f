import { describe, expect, test } from 'vitest';
import { matching, mentionable, mentionAt, pieces, withMention } from '../src/notes/mentions.ts';
import { user, workOrder } from '../../client/tests/fixtures.ts';

const marko = user({ id: 2, name: 'Marko Kovač', role: 'manager' });
const tarik = user({ id: 3, name: 'Tarik Šehić' });
const jelena = user({ id: 4, name: 'Jelena Đurić' });
const dana = user({ id: 5, name: 'Dana Horvat', role: 'front_desk' });
const names = (people: readonly { name: string }[]) => people.map(({ name }) => name);

describe('a mention', () => {
  test('is begun by an @ that stands alone, and goes on over the space in a name', () => {
    expect(mentionAt('Ask @', 5)).toEqual({ start: 4, query: '' });
    expect(mentionAt('Ask @Jelena Đ', 13)).toEqual({ start: 4, query: 'Jelena Đ' });
    expect(mentionAt('to ana@example', 14)).toBeNull();
    expect(mentionAt('@Ana\nnext', 9)).toBeNull();
    expect(mentionAt('nobody', 6)).toBeNull();
  });

  test('is offered by first or last name without accents, until the name is whole', () => {
    const people = [marko, jelena, dana];
    expect(names(matching(people, ''))).toEqual(names(people));
    expect(names(matching(people, 'dur'))).toEqual(['Jelena Đurić']);
    expect(names(matching(people, 'KOVAC'))).toEqual(['Marko Kovač']);
    expect(names(matching(people, 'Jelena Đurić'))).toEqual([]);
    expect(names(matching(people, 'Jelena Đurić please'))).toEqual([]);
  });

  test('is offered of those alone who would be told: who see the order, and not the author', () => {
    const staff = [marko, tarik, jelena, dana, user({ id: 9, name: 'Gone', is_active: false })];
    const own = workOrder({ technician_id: tarik.id });
    expect(names(mentionable(staff, own, marko))).toEqual(['Tarik Šehić', 'Dana Horvat']);
    const pool = workOrder({ technician_id: null });
    expect(names(mentionable(staff, pool, tarik))).toEqual(['Marko Kovač', 'Jelena Đurić', 'Dana Horvat']);
  });

  test('takes the place of what was typed, and the caret goes on after it', () => {
    const text = 'Ask @jel today';
    expect(withMention(text, { start: 4, query: 'jel' }, 'Jelena Đurić')).toEqual({
      text: 'Ask @Jelena Đurić today',
      caret: 18,
    });
  });

  test('is shown where the server sees one: the whole name in any case', () => {
    const mentions = (content: string) =>
      pieces(content, ['Ana', 'Ana Novak', 'A. (B)'])
        .filter(piece => piece.isMention)
        .map(piece => piece.text);
    expect(mentions('@ana novak and @Ana, not @Anabel or Ana')).toEqual(['@ana novak', '@Ana']);
    expect(mentions('hello @a. (b)')).toEqual(['@a. (b)']);
    expect(
      pieces('a @Ana b', ['Ana'])
        .map(piece => piece.text)
        .join(''),
    ).toBe('a @Ana b');
    expect(pieces('@Ana', [])).toEqual([{ text: '@Ana', isMention: false }]);
  });
});
