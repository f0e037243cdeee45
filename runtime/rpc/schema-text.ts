/** What generated code has of a schema for those who ask a server about itself. */
export interface SchemaText {
  /** As other files import it, from the folder that all were compiled below: "billing/orders.idl". */
  readonly path: string;
  /** In the language, documentation included. */
  readonly text: string;
  readonly imports: readonly SchemaText[];
}
