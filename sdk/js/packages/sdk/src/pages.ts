/** A list that is fetched page by page: `for await` gives the items, `pages()` the pages. */
export class Paged<Item, Page> implements AsyncIterable<Item> {
  constructor(
    private readonly fetchPage: (cursor: string | undefined) => Promise<Page>,
    private readonly itemsOf: (page: Page) => readonly Item[],
    private readonly cursorAfter: (page: Page) => string | null,
  ) {}

  /** The pages, as the API answers them. */
  async *pages(): AsyncGenerator<Page, void> {
    let cursor: string | undefined;
    do {
      const page = await this.fetchPage(cursor);
      yield page;
      cursor = this.cursorAfter(page) ?? undefined;
    } while (cursor !== undefined);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Item, void> {
    for await (const page of this.pages()) yield* this.itemsOf(page);
  }
}
