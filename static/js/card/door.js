/**
 * On every page but the card itself: if the server has let this browser go (`web/card/session.py`), the phone forgets too.
 */

import { forgetIfTold } from "./phone.js";

await forgetIfTold(document.querySelector("script[data-home]").dataset.home);
