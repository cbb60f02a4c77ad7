//! Files with a key of a service account, as Google's console downloads them.

use serde_json::json;

use super::super::Simulator;
use crate::hosts;
use crate::tokens;

impl Simulator {
    /// A service account file: what `GOOGLE_APPLICATION_CREDENTIALS` points to where there is no metadata
    /// server. Its `token_uri` is this simulator's.
    ///
    /// Its key is a test key, the same in every file. The token endpoint takes it for the accounts of
    /// [`Settings`](crate::Settings) and for those that IAM made.
    pub fn service_account_file(&self, email: &str) -> String {
        let google = self.google();
        let origin = &google.origin;
        let file = json!({
            "type": "service_account",
            "project_id": google.settings.project.id,
            "private_key_id": tokens::service_account().kid,
            "private_key": tokens::SERVICE_ACCOUNT_PRIVATE_KEY,
            "client_email": email,
            "client_id": "112233445566778899333",
            "auth_uri": format!("{origin}/{}/o/oauth2/v2/auth", hosts::ACCOUNTS),
            "token_uri": format!("{origin}/{}/token", hosts::OAUTH),
            "auth_provider_x509_cert_url": format!("{origin}/{}/oauth2/v1/certs", hosts::WWW),
            "universe_domain": "googleapis.com",
        });
        format!("{file:#}\n")
    }
}
