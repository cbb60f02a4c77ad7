//! Where this function is reached.

/// Where the Marketplace posts its token.
pub(crate) const LOGIN: &str = "/login";

/// The same, if the address was registered with a slash at its end.
pub(crate) const LOGIN_AND_SLASH: &str = "/login/";

/// Where the orders are listed, and where the choice is posted.
pub(crate) const ORDERS: &str = "/login/orders";

/// Where Google sends the browser back to.
pub(crate) const CALLBACK: &str = "/login/callback";

/// Where a customer tries to sign in again.
pub(crate) const SIGN_IN_AGAIN: &str = "/login/sign-in";
