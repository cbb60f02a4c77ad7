//! Customers, each shortly before the last request of their sign-up.

use function_tests::open_sign_in::OpenSignIn;
use function_tests::wire::Answer;
use marketplace::{Role, UserIdentity};

use crate::actor::Ended;
use crate::function::{Setup, TestFunction};
use crate::world::{Customer, Prepared, World};

impl World {
    /// The buyer has opened the form.
    pub(crate) async fn form(&self, role: Role) -> Prepared<'_> {
        let user = self.order.user.clone();
        let function = self.beside().form().start().await;
        let browser = function.browser();
        let landed = browser.land(&self.token(&user, role)).await;
        let page = browser.get(landed.header("location").unwrap()).await;
        let field = |name| page.field(name).to_owned();
        let (landing, confirmation) = (field("landing"), field("confirmation"));
        let session = Some(browser.session_id(&landing));
        let part = async move {
            let fields = [
                ("landing", landing.as_str()),
                ("confirmation", confirmation.as_str()),
                ("company", "Example & Söhne"),
                ("name", "Ada Keller"),
                ("email", "ada.keller@customer.example"),
            ];
            let page = browser.post("/signup/register", &fields).await;
            shown(browser.function(), &page).await
        };
        Prepared {
            part: Box::pin(part),
            customer: Some(Customer { user, session }),
        }
    }

    /// The buyer was sent to Google.
    pub(crate) async fn sign_in(&self, role: Role) -> Prepared<'_> {
        let user = self.order.user.clone();
        let function = self.beside().signing_in().start().await;
        let browser = function.browser();
        let landed = browser.land(&self.token(&user, role)).await;
        let sign_in = OpenSignIn::on(&browser, &landed);
        let session = Some(browser.session_id(&sign_in.landing));
        let person = user.clone();
        let part = async move {
            let page = sign_in.by(&browser, &person).await;
            shown(browser.function(), &page).await
        };
        Prepared {
            part: Box::pin(part),
            customer: Some(Customer { user, session }),
        }
    }

    /// This user has pressed the button in the Marketplace.
    pub(crate) fn post(&self, user: &UserIdentity, role: Role) -> Prepared<'_> {
        let token = self.token(user, role);
        let browser = self.function.browser();
        let part = async move {
            let page = browser.land(&token).await;
            shown(browser.function(), &page).await
        };
        Prepared {
            part: Box::pin(part),
            customer: Some(Customer {
                user: user.clone(),
                session: None,
            }),
        }
    }

    /// A user of the account who was never here.
    pub(crate) fn colleague(&self) -> UserIdentity {
        let simulator = &self.function.simulator;
        let added = simulator.add_user(&self.order.account, vec![Role::ProjectEditor]);
        added.unwrap()
    }

    /// Another instance of sign-up, with the same store and the same Google.
    fn beside(&self) -> Setup {
        Setup::beside(&self.function).with_events_topic()
    }

    fn token(&self, user: &UserIdentity, role: Role) -> String {
        let account = &self.order.account;
        let simulator = &self.function.simulator;
        simulator.set_roles(account, user, vec![role]).unwrap();
        simulator.token(account, user)
    }
}

/// A hand-off, or the page that says that the account is rejected; nobody is sent away with less.
async fn shown(function: &TestFunction, page: &Answer) -> Ended {
    if page.status == 403 {
        return Ended::Refused;
    }
    // It makes sure that the page is a hand-off.
    function.claims(page).await;
    Ended::Well
}
