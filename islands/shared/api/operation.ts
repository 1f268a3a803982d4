/** What an operation of the API takes and gives, read from its description: a path or field it does not know is an error. */

import type { paths } from './schema.d.ts';

/** What may stand in an address. */
export type Values = Record<string, string | number | boolean | readonly number[] | null | undefined>;

export type Method = 'get' | 'post';

/** Paths that know the method. */
export type PathOf<M extends Method> = {
  [P in keyof paths]: paths[P] extends Record<M, { responses: unknown }> ? P : never;
}[keyof paths];

type Operation<P, M extends Method> = P extends keyof paths ? paths[P][M] : never;

/** What fills the gaps of the path, where it has some. */
export type Gaps<P, M extends Method> =
  Operation<P, M> extends { parameters: { path: infer Given extends Values } } ? { path: Given } : { path?: undefined };

/** What follows the question mark. */
export type Query<P> =
  Operation<P, 'get'> extends { parameters: { query?: infer Given extends Values } } ? { query: Given } : { query?: undefined };

/** What is sent. */
export type Body<P> =
  Operation<P, 'post'> extends { requestBody: { content: { 'application/json': infer Given } } }
    ? { body: Given }
    : { body?: undefined };

/** The answer to a request that was not refused. */
export type Answer<P, M extends Method> =
  Operation<P, M> extends { responses: infer Given } ? Json<Given[keyof Given & (200 | 201 | 202)]> : never;

type Json<Given> = Given extends { content: { 'application/json': infer Kept } } ? Kept : never;
