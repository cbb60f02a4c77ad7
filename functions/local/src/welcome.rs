//! What is printed when everything is up.

use crate::{Local, Mode, Options, Policy, SignIn};

/// What to open, and what to expect there.
pub fn welcome(local: &Local, options: &Options) -> String {
    let (marketplace, portico) = (local.marketplace(), local.portico());
    let mode = match options.mode {
        Mode::Auto => "in one click (--form asks for details)",
        Mode::Form => "with a registration form (--auto is one click)",
    };
    let orders = match options.policy {
        Policy::Auto => "approved by Portico (APPROVAL_POLICY=manual leaves them to the operator)",
        Policy::Manual => "wait for the operator, whose buttons are beside the order",
    };
    let sign_in = match options.sign_in {
        SignIn::Off => "off (GOOGLE_SIGN_IN=required asks Google who is at the browser)",
        SignIn::Required => "required, at sign-up and at login",
    };
    let store = match &options.emulator {
        None => "in memory, gone at the end (--firestore uses the emulator)".to_owned(),
        Some(emulator) => format!("in the Firestore emulator at {emulator}"),
    };
    format!(
        "
  Portico is running. Nothing here costs money or leaves this computer.

    Open     {marketplace}/
             Purchase a plan, register, and arrive in the demo application; then sign in again.
             There, Grant access leads to Google's page; with the plan Pay as you go, use
             something, let an hour pass in the Marketplace, and find it on the bill.

    Portico  {portico}
    Sign-up  {mode}
    Orders   {orders}
    Google   sign-in is {sign_in}
    Links    {store}

  LOG_LEVEL=info prints a line for every request. Ctrl-C ends everything.

"
    )
}
