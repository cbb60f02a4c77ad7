//! What is printed when everything is up.

use crate::{Local, Mode, News, Options, OwnApplication, Policy, SignIn};

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
    let (tour, application) = match &options.application {
        None => (DEMO_TOUR.to_owned(), String::new()),
        Some(own) => (
            format!(
                "Purchase a plan, register, and arrive in your application at {}.",
                own.origin
            ),
            own_application(own, &local.environment()),
        ),
    };
    format!(
        "
  Portico is running. Nothing here costs money or leaves this computer.

    Open     {marketplace}/
             {tour}

    Portico  {portico}
    Sign-up  {mode}
    Orders   {orders}
    Google   sign-in is {sign_in}
    Links    {store}
{application}
  LOG_LEVEL=info prints a line for every request. Ctrl-C ends everything.

"
    )
}

const DEMO_TOUR: &str =
    "Purchase a plan, register, and arrive in the demo application; then sign in again.
             There, Grant access leads to Google's page; with the plan Pay as you go, use
             something, let an hour pass in the Marketplace, and find it on the bill.";

/// What reaches the developer's own application, and what it has to know.
fn own_application(own: &OwnApplication, environment: &str) -> String {
    let news = match &own.news {
        News::Pushed { url, .. } => format!("pushed to {url}"),
        News::Published { emulator } => {
            format!("published into the Pub/Sub emulator at {emulator}")
        }
    };
    let cookies = if own.signup_url.starts_with("http://localhost") {
        "\n             localhost is Portico's name here: with 127.0.0.1, cookies are as in production."
    } else {
        ""
    };
    format!(
        "
    Hand-off posted to {}; a visit without one ends at {}{cookies}
    Events   {news}

  Paste this into the shell in which your application starts:

{environment}",
        own.signup_url, own.login_url
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_to_paste_stand_alone() {
        let own = OwnApplication {
            origin: "http://127.0.0.1:3000".to_owned(),
            signup_url: "http://127.0.0.1:3000/signup".to_owned(),
            audience: "http://127.0.0.1:3000".to_owned(),
            login_url: "http://127.0.0.1:3000/login".to_owned(),
            news: News::Pushed {
                url: "http://127.0.0.1:3000/events".to_owned(),
                audience: "http://127.0.0.1:3000".to_owned(),
            },
        };
        let said = own_application(&own, "export A=b\nexport C=d\n");
        let (before, block) = said.split_once("starts:\n\n").unwrap();
        assert_eq!(block, "export A=b\nexport C=d\n");
        assert!(before.contains("posted to http://127.0.0.1:3000/signup"));
        assert!(before.contains("ends at http://127.0.0.1:3000/login"));
        assert!(before.contains("pushed to http://127.0.0.1:3000/events"));
        assert!(!before.contains("cookies"));
        let by_name = OwnApplication {
            signup_url: "http://localhost:3000/signup".to_owned(),
            ..own
        };
        assert!(own_application(&by_name, "").contains("with 127.0.0.1, cookies"));
    }
}
