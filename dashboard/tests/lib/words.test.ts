import { expect, it } from "vitest";
import { browserName } from "@/lib/browserName";
import { actor, sentence } from "@/pages/audit/sentence";

it("names browsers by what they say of themselves", () => {
  const browsers: [string, string][] = [
    ["Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"],
    [
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
      "Chrome on Windows",
    ],
    [
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0",
      "Edge on Windows",
    ],
    [
      "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
      "Safari on iPhone",
    ],
    [
      "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36",
      "Chrome on Android",
    ],
    ["curl/8.5.0", "curl"],
    ["something else", "something else"],
    ["", "Unknown browser"],
  ];
  for (const [userAgent, name] of browsers) expect(browserName(userAgent)).toBe(name);
});

it("reads the audit log's actions, those that it does not know too", () => {
  const say = (action: string, targetName = "X", detail = {}) => sentence({ action, targetName, detail });
  expect(say("member.updated", "grace@x.y", { role: "admin" })).toBe("Changed the role of grace@x.y to admin");
  expect(say("user.signed_in")).toBe("Signed in");
  expect(say("user.password_wrong", "")).toBe("Tried to sign in to an account that does not exist");
  expect(say("key.revoked", "Production")).toBe("Revoked key Production");
  expect(say("invitation.created", "", { role: "viewer" })).toBe("Invited somebody as viewer");
});

it("says who did it, and of nobody that they had not signed in", () => {
  expect(actor({ actorKind: "user", actorName: "Ada Byron" })).toBe("Ada Byron");
  expect(actor({ actorKind: "nobody", actorName: "nobody" })).toBe("Not signed in");
});
