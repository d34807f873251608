/**
 * On pages around the card: if the server has let this browser go (`web/card/session.py`), the phone forgets too.
 */

import { forget } from "./phone.js";

const MARK = "habitue_forget";
const home = document.querySelector("script[data-home]").dataset.home;

if (document.cookie.split("; ").includes(`${MARK}=1`)) {
  await forget(home);
  document.cookie = `${MARK}=; path=${home}; max-age=0; samesite=lax`;
}
