/** What a page is given: what stands in the place of the names in its path, decoded. */
export type PageProps = { params: Readonly<Record<string, string>> };
