import { Body, Controller, Header, HttpCode, Inject, Post } from '@nestjs/common';
import type { Pseudonym } from '@samspill/kernel';
import { RequireScope } from '@samspill/service';
import { orderedPatient } from './ordered-patient.ts';
import type { Pseudonyms } from './pseudonyms.ts';
import type { GrantReceipt, ShredReceipt } from './receipts.ts';
import { bodies, readBody } from './request-body.ts';
import { requireProduct, scopes, subscriptionNamed } from './rights.ts';
import type { GrantOrder } from './withholding-order.ts';

export const ORDERS = Symbol('ORDERS');

/** What an operator may order. Each order is durable when it resolves, and carried out twice is as once. */
export interface Orders {
  readonly pseudonyms: Pseudonyms;
  shred(product: string, patients: readonly Pseudonym[], cause: string): Promise<ShredReceipt>;
  closeGrant(order: GrantOrder): Promise<GrantReceipt>;
  openGrant(order: GrantOrder): Promise<GrantReceipt>;
}

/** Orders about one patient's data: form and rights are checked here, and the patient is looked up. */
@Controller()
export class OrdersController {
  constructor(@Inject(ORDERS) private readonly orders: Orders) {}

  @Post('shred')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @RequireScope(scopes.shred)
  async shred(@Body() body: unknown): Promise<ShredReceipt> {
    const { product, patient, cause } = readBody(bodies.shred, body);
    requireProduct(product);
    return this.orders.shred(product, await orderedPatient(this.orders.pseudonyms, patient), cause);
  }

  @Post('grants/close')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @RequireScope(scopes.grant)
  async closeGrant(@Body() body: unknown): Promise<GrantReceipt> {
    return this.orders.closeGrant(await this.grantOrder(body));
  }

  @Post('grants/open')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @RequireScope(scopes.grant)
  async openGrant(@Body() body: unknown): Promise<GrantReceipt> {
    return this.orders.openGrant(await this.grantOrder(body));
  }

  private async grantOrder(body: unknown): Promise<GrantOrder> {
    const { consumer, product, patient, cause } = readBody(bodies.grant, body);
    const subscription = subscriptionNamed(consumer, product);
    const patients = await orderedPatient(this.orders.pseudonyms, patient);
    return { subscription, product, patients, cause };
  }
}
