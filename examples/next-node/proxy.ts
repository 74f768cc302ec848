import { type NextRequest, NextResponse } from "next/server";

/** Gives each browser a name of its own, so that the example needs no login. Put your own login in its place. */
export function proxy(request: NextRequest): NextResponse {
  if (request.cookies.has("visitor")) return NextResponse.next();
  const response = NextResponse.next();
  response.cookies.set("visitor", crypto.randomUUID(), { httpOnly: true, sameSite: "lax", path: "/" });
  return response;
}

export const config = { matcher: "/" };
