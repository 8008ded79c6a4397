// For the spec of start-program: multiplies, refuses, or dies.
import { givenSetting, serveOrders } from './serve-orders.ts';

const { factor } = givenSetting() as { readonly factor: number };

const orders = {
  multiply: ({ by }: { readonly by: number }): Promise<number> => Promise.resolve(factor * by),
  refuse: (): Promise<void> => Promise.reject(new Error('no such luck')),
  die: (): Promise<void> => {
    console.error('farewell');
    process.exit(7);
  },
  end: (): Promise<void> => Promise.resolve(),
};

export type SampleOrders = typeof orders;

serveOrders(orders);
