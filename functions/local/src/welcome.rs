//! What is printed when everything is up.

use crate::{Local, Mode, Options, Policy};

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
    let store = match &options.emulator {
        None => "in memory, gone at the end (--firestore uses the emulator)".to_owned(),
        Some(emulator) => format!("in the Firestore emulator at {emulator}"),
    };
    format!(
        "
  Portico is running. Nothing here costs money or leaves this computer.

    Open     {marketplace}/
             Purchase a plan, register, and arrive in the demo application.

    Portico  {portico}
    Sign-up  {mode}
    Orders   {orders}
    Links    {store}

  LOG_LEVEL=info prints a line for every request. Ctrl-C ends everything.

"
    )
}
