/** What the store uses of the package `pg`, by structure: the runtime compiles, and is installed, without it. */

export interface PgResult<Row = Record<string, unknown>> {
  readonly command: string;
  readonly rowCount: number | null;
  readonly rows: Row[];
}

/** `pg.PoolClient`. */
export interface PgClient {
  query(text: string, values?: unknown[]): Promise<PgResult>;
  on(event: "error", listener: (error: Error) => void): unknown;
  removeListener(event: "error", listener: (error: Error) => void): unknown;
  /** With `true` the connection is closed instead of used again. */
  release(destroy?: boolean): void;
}

/** `pg.Pool`. */
export interface PgPool<Client extends PgClient = PgClient> {
  connect(): Promise<Client>;
  query(text: string, values?: unknown[]): Promise<PgResult>;
}
