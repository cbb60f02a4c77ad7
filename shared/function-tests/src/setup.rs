//! How a function that customers visit is set up: which store, which variables, which Google.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use function_runtime::{Limits, serve_within, start};
use marketplace_simulator::{Order, OrdersInTokens, Settings, Simulator};
use store::Store;
use tokio::net::TcpListener;

use crate::browser::Browser;
use crate::customer_function::CustomerFunction;
use crate::emulator;
use crate::environment::of_customers;
use crate::log::Log;
use crate::open_sign_in::OpenSignIn;
use crate::visited::VisitedFunction;

/// A function that has not been started.
#[must_use]
pub struct FunctionSetup<F> {
    store: Store,
    simulated: Settings,
    simulator: Option<Simulator>,
    variables: BTreeMap<&'static str, String>,
    limits: Limits,
    function: PhantomData<fn() -> F>,
}

impl<F: CustomerFunction> FunctionSetup<F> {
    /// In front of an empty store in memory.
    pub fn memory() -> Self {
        Self::over(Store::memory())
    }

    /// In front of an empty project of the Firestore emulator.
    pub fn firestore() -> Self {
        Self::over(emulator::new_store())
    }

    /// In front of this store.
    pub fn over(store: Store) -> Self {
        Self {
            store,
            simulated: Settings::default(),
            simulator: None,
            variables: BTreeMap::new(),
            limits: Limits::default(),
            function: PhantomData,
        }
    }

    /// The same store, with a Google that never heard of the customers in it.
    pub fn with_new_google(&self) -> Self {
        Self::over(self.store.clone())
    }

    /// One more instance of this function: the same store, the same Google.
    pub fn beside(function: &F) -> Self {
        Self {
            simulator: Some(function.simulator.clone()),
            ..Self::over(function.store.clone())
        }
    }

    /// With a form of company, name and e-mail.
    pub fn form(self) -> Self {
        self.with("SIGNUP_MODE", "form")
    }

    /// With Google sign-in required.
    pub fn signing_in(self) -> Self {
        let client = Settings::default().oauth_client;
        self.with("GOOGLE_SIGN_IN", "required")
            .with("GOOGLE_CLIENT_ID", &client.id)
            .with("GOOGLE_CLIENT_SECRET", &client.secret)
    }

    /// With a topic of the vendor's that hears of changes.
    pub fn with_events_topic(self) -> Self {
        let topics = Settings::default().topics;
        self.with("EVENTS_TOPIC", topics.first().expect("a topic"))
    }

    /// With this variable set.
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.variables.insert(name, value.to_owned());
        self
    }

    /// With a Google that is set up so.
    pub fn simulated(mut self, settings: Settings) -> Self {
        self.simulated = settings;
        self
    }

    /// With a Marketplace whose tokens name the customer's orders.
    pub fn with_orders(mut self) -> Self {
        self.simulated.orders_in_tokens = OrdersInTokens::Listed;
        self
    }

    /// With so much time for a request, for tests in which somebody never answers.
    pub fn within(mut self, deadline: Duration) -> Self {
        self.limits.deadline = deadline;
        self
    }

    /// Starts it, with a customer who may come in.
    pub async fn start_with_customer(self) -> (F, Order) {
        let function = self.start().await;
        let order = function.customer().await;
        (function, order)
    }

    /// As [`Self::start_with_customer`], with the customer's browser.
    pub async fn start_with_browser(self) -> (F, Order, Browser<F>) {
        let (function, order) = self.start_with_customer().await;
        let browser = Browser::new(&function);
        (function, order, browser)
    }

    /// As [`Self::start_with_browser`], after the browser was sent to Google.
    pub async fn sent_to_google(self) -> (F, Order, Browser<F>, OpenSignIn) {
        let (function, order, browser) = self.start_with_browser().await;
        let sign_in = OpenSignIn::start(&browser, &order).await;
        (function, order, browser, sign_in)
    }

    /// Starts it on a free port.
    pub async fn start(self) -> F {
        start::install_crypto_provider();
        let (log, logging) = Log::capture("function");
        let simulator = match self.simulator {
            Some(simulator) => simulator,
            None => Simulator::start(self.simulated).await,
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let origin = format!("http://{address}");
        simulator.register_redirect_uri(&format!("{origin}{}/callback", F::LANDING));
        let mut variables = of_customers(&origin, &simulator);
        variables.insert("LINK_STORE".to_owned(), "memory".to_owned());
        variables.extend(self.variables.into_iter().map(|(k, v)| (k.to_owned(), v)));
        let handler = F::build(&variables.into_iter().collect(), self.store.clone());
        let until_dropped = std::future::pending();
        let serving = serve_within(self.limits, listener, Arc::new(handler), until_dropped);
        tokio::spawn(serving);
        F::from(VisitedFunction {
            address,
            landing: F::LANDING,
            simulator,
            store: self.store,
            log,
            secrets: RefCell::default(),
            typed: RefCell::default(),
            _logging: logging,
        })
    }
}

/// Declares what both suites of the functions that customers visit call `TestFunction`, `Browser` and
/// `Setup`. `$customer` makes a customer who may come in.
#[macro_export]
macro_rules! customer_function {
    ($function:ident, $landing:literal, $form:literal, $self:ident => $customer:expr) => {
        pub(crate) type Browser = $crate::browser::Browser<TestFunction>;
        pub(crate) type Setup = $crate::setup::FunctionSetup<TestFunction>;

        /// The function and the simulator it talks to.
        #[derive(Clone)]
        pub(crate) struct TestFunction(std::rc::Rc<$crate::visited::VisitedFunction>);

        impl $crate::customer_function::CustomerFunction for TestFunction {
            const LANDING: &'static str = $landing;
            const FORM: &'static str = $form;

            type Handler = $function::Handler;
            type Left = Left;

            fn build(
                environment: &function_runtime::MapEnv,
                store: store::Store,
            ) -> $function::Handler {
                let config = $function::Config::from_env(environment).unwrap();
                $function::build(config, store)
            }

            async fn customer(&$self) -> marketplace_simulator::Order {
                $customer
            }

            async fn left_of(&self, account: &marketplace::ProcurementAccountId) -> Left {
                self.left(account).await
            }
        }

        impl From<$crate::visited::VisitedFunction> for TestFunction {
            fn from(visited: $crate::visited::VisitedFunction) -> Self {
                Self(std::rc::Rc::new(visited))
            }
        }

        impl std::ops::Deref for TestFunction {
            type Target = $crate::visited::VisitedFunction;

            fn deref(&self) -> &$crate::visited::VisitedFunction {
                &self.0
            }
        }

        impl TestFunction {
            /// A browser that was never here.
            pub(crate) fn browser(&self) -> Browser {
                Browser::new(self)
            }
        }
    };
}
