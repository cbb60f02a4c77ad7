//! Where this function is reached.

/// Where the Marketplace posts its token.
pub(crate) const SIGN_UP: &str = "/signup";

/// The same, if the address was registered with a slash at its end.
pub(crate) const SIGN_UP_AND_SLASH: &str = "/signup/";

/// Where the registration form is, and where it is posted.
pub(crate) const REGISTER: &str = "/signup/register";

/// Where Google sends the browser back to.
pub(crate) const CALLBACK: &str = "/signup/callback";

/// Where a customer tries to sign in again.
pub(crate) const SIGN_IN_AGAIN: &str = "/signup/sign-in";
