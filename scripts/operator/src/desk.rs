//! What the commands about customers and about what is stored begin with.

use function_runtime::Env;
use marketplace::GoogleOrigin;
use operations::{Actor, Operations};

use crate::actor::actor;
use crate::config::CustomersConfig;
use crate::error::CommandError;
use crate::local_world;

/// The operations, and whoever carries them out.
pub(crate) struct Desk<'a> {
    pub(crate) operations: Operations,
    google: GoogleOrigin,
    declared: Option<&'a str>,
}

impl<'a> Desk<'a> {
    pub(crate) async fn open(
        declared: Option<&'a str>,
        env: &dyn Env,
    ) -> Result<Self, CommandError> {
        let config = CustomersConfig::from_env(env)?;
        let google = config.google.clone();
        let clock = local_world::clock(&google, &config.store).await?;
        Ok(Self {
            operations: config.operations(clock),
            google,
            declared,
        })
    }

    /// Who decides.
    pub(crate) async fn actor(&self) -> Result<Actor, CommandError> {
        actor(&self.google, self.declared).await
    }
}
