/** A map without tiles: points on a flat projection that is true to scale around their middle. */

import type { Position } from './travel.ts';

export interface Flat {
  x: number;
  y: number;
}

/** What the map shows: a point in its middle, and how many pixels a degree of latitude takes. */
export interface Frame {
  centre: Position;
  scale: number;
  /** Degrees of longitude are shorter than degrees of latitude by this factor, where the map is about. */
  squeeze: number;
}

const MARGIN = 0.12;
/** A single point, or several on one spot, are shown with about ten kilometres around them. */
const LEAST_SPAN = 0.1;
export const NEAREST = 200_000;
export const FARTHEST = 2;

function shrink(latitude: number): number {
  return Math.max(0.01, Math.cos((latitude * Math.PI) / 180));
}

/** The frame that shows all points in a window of this size; null without points. */
export function framed(points: readonly Position[], width: number, height: number): Frame | null {
  if (points.length === 0 || width <= 0 || height <= 0) return null;
  const latitudes = points.map((point) => point[0]);
  const longitudes = points.map((point) => point[1]);
  const [south, north] = [Math.min(...latitudes), Math.max(...latitudes)];
  const [west, east] = [Math.min(...longitudes), Math.max(...longitudes)];
  const centre: Position = [(south + north) / 2, (west + east) / 2];
  const tall = Math.max(north - south, LEAST_SPAN);
  const squeeze = shrink(centre[0]);
  const broad = Math.max((east - west) * squeeze, LEAST_SPAN);
  const scale = Math.min((height * (1 - 2 * MARGIN)) / tall, (width * (1 - 2 * MARGIN)) / broad);
  return { centre, scale, squeeze };
}

export function project(frame: Frame, point: Position, width: number, height: number): Flat {
  return {
    x: width / 2 + (point[1] - frame.centre[1]) * frame.squeeze * frame.scale,
    y: height / 2 - (point[0] - frame.centre[0]) * frame.scale,
  };
}

/** The frame after its content was pulled by so many pixels. */
export function panned(frame: Frame, right: number, down: number): Frame {
  const [latitude, longitude] = frame.centre;
  const centre: Position = [
    Math.max(-85, Math.min(85, latitude + down / frame.scale)),
    longitude - right / (frame.squeeze * frame.scale),
  ];
  return { ...frame, centre };
}

/** The frame seen so many times nearer, with the point of the window that is given staying where it is. */
export function zoomed(frame: Frame, times: number, at: Flat, width: number, height: number): Frame {
  const scale = Math.max(FARTHEST, Math.min(NEAREST, frame.scale * times));
  const right = at.x - width / 2;
  const down = at.y - height / 2;
  const real = scale / frame.scale;
  const nearer = panned({ ...frame, scale }, right, down);
  return panned(nearer, -right * real, -down * real);
}

/** A round length in kilometres for a scale bar of at most so many pixels, and its pixels. */
export function scaleBar(frame: Frame, most: number): { km: number; width: number } {
  const perKm = frame.scale / 111.195;
  const steps = [500, 200, 100, 50, 20, 10, 5, 2, 1, 0.5, 0.2, 0.1];
  const km = steps.find((one) => one * perKm <= most) ?? 0.05;
  return { km, width: km * perKm };
}
