import { describe, expect, it } from 'vitest';

import { Rejections } from '../../src/lifecycle/rejections.ts';

const minute = 60_000;

/** Spends all that is left at an instant, and tells how much that was. */
function spendAll(rejections: Rejections, at: number): number {
  let spent = 0;
  for (; rejections.allowsLogin(at); spent += 1) rejections.spend(at);
  return spent;
}

describe('the budget of logins that rejected tokens may cause', () => {
  it('is full at first, and no login more is allowed than it holds', () => {
    expect(spendAll(new Rejections(5, 0), 0)).toBe(5);
    expect(spendAll(new Rejections(0, 0), minute)).toBe(0);
  });

  it('has one more login a minute after the first was spent, to the millisecond', () => {
    const rejections = new Rejections(3, 0);
    expect(spendAll(rejections, 7)).toBe(3);
    expect(rejections.allowsLogin(7 + minute - 1)).toBe(false);
    expect(rejections.allowsLogin(7 + minute)).toBe(true);
    expect(spendAll(rejections, 7 + minute)).toBe(1);
    expect(rejections.allowsLogin(7 + 2 * minute - 1)).toBe(false);
    expect(spendAll(rejections, 7 + 2 * minute)).toBe(1);
  });

  it('loses no part of a minute when it is asked in between', () => {
    const rejections = new Rejections(5, 0);
    spendAll(rejections, 0);
    expect(spendAll(rejections, 2.5 * minute)).toBe(2);
    expect(spendAll(rejections, 2.5 * minute)).toBe(0);
    expect(spendAll(rejections, 3 * minute - 1)).toBe(0);
    expect(spendAll(rejections, 3 * minute)).toBe(1);
    expect(spendAll(rejections, 6 * minute)).toBe(3);
  });

  it('begins a minute with the first login of a full budget, not with the start of the process', () => {
    const rejections = new Rejections(1, 0);
    rejections.spend(1.5 * minute);
    expect(rejections.allowsLogin(2 * minute)).toBe(false);
    expect(rejections.allowsLogin(2.5 * minute)).toBe(true);
  });

  it('goes on with the minute that has begun where it is not full', () => {
    const rejections = new Rejections(2, 0);
    rejections.spend(0);
    rejections.spend(0.5 * minute);
    expect(rejections.allowsLogin(minute - 1)).toBe(false);
    expect(rejections.allowsLogin(minute)).toBe(true);
  });

  it('fills up to its size and no further', () => {
    const rejections = new Rejections(2, 0);
    spendAll(rejections, 0);
    expect(spendAll(rejections, 100 * minute)).toBe(2);
  });

  it('counts a login with what had come by then, though nobody asked before', () => {
    const rejections = new Rejections(2, 0);
    spendAll(rejections, 0);
    rejections.spend(minute);
    expect(rejections.allowsLogin(minute)).toBe(false);
  });

  it('owes nothing for a login that was made beyond it', () => {
    const rejections = new Rejections(1, 0);
    for (let login = 0; login < 3; login += 1) rejections.spend(0);
    expect(rejections.allowsLogin(minute)).toBe(true);
  });
});

describe('the tokens that were rejected', () => {
  it('are remembered, the last eight of them, and the oldest is forgotten first', () => {
    const rejections = new Rejections(5, 0);
    const names = Array.from({ length: 9 }, (_, index) => `token-${index}`);
    for (const name of names.slice(0, 8)) rejections.add(name);
    expect(rejections.values).toEqual(names.slice(0, 8));
    rejections.add('token-8');
    expect(names.filter((name) => rejections.includes(name))).toEqual(names.slice(1));
  });

  it('are remembered once, however often they are rejected', () => {
    const rejections = new Rejections(5, 0);
    for (const name of ['one', 'two', 'one']) rejections.add(name);
    expect(rejections.values).toEqual(['one', 'two']);
  });

  it('are forgotten when the vendor issues one anew: that one, and no other', () => {
    const rejections = new Rejections(5, 0);
    for (const name of ['one', 'two', 'three', 'four']) rejections.add(name);
    rejections.nowInUse('two');
    expect(rejections.values).toEqual(['one', 'three', 'four']);
    rejections.nowInUse('new');
    expect(rejections.values).toEqual(['one', 'three', 'four']);
  });

  it('owe a login until one is made for them, or another token is in use', () => {
    const rejections = new Rejections(5, 0);
    expect(rejections.loginIsOwed).toBe(false);
    rejections.loginIsOwed = true;
    rejections.spend(0);
    expect(rejections.loginIsOwed).toBe(false);
    rejections.loginIsOwed = true;
    rejections.nowInUse('new');
    expect(rejections.loginIsOwed).toBe(false);
  });
});
