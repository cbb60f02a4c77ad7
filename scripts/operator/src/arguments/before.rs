//! `operator doctor --before`.

use clap::Args;

/// What is going to be deployed, as far as a look at the project depends on it.
#[derive(Debug, Args)]
pub(crate) struct BeforeArguments {
    /// Look at the project before the first `terraform apply`; needs --region
    #[arg(long, conflicts_with_all = ["outputs", "signup_url", "login_url"])]
    pub(crate) before: bool,
    /// With --before: the project, if it is not `GOOGLE_CLOUD_PROJECT`
    #[arg(long, value_name = "ID", requires = "before")]
    pub(crate) project: Option<String>,
    /// With --before: the provider id, if it is not `PROCUREMENT_PROVIDER`
    #[arg(long, value_name = "ID", requires = "before")]
    pub(crate) provider: Option<String>,
    /// With --before: `region` of terraform.tfvars
    #[arg(long, value_name = "REGION", requires = "before", value_parser = region)]
    pub(crate) region: Option<String>,
    /// With --before: `firestore_location` of terraform.tfvars, if it is not the region
    #[arg(long, value_name = "LOCATION", requires = "before", value_parser = location)]
    pub(crate) firestore_location: Option<String>,
    /// With --before: `domain` is set, and `load_balancer` is not false
    #[arg(long, requires = "before")]
    pub(crate) load_balancer: bool,
}

fn region(text: &str) -> Result<String, &'static str> {
    match words(text) {
        Some(2) => Ok(text.to_owned()),
        _ => Err("it is no region such as europe-west1"),
    }
}

fn location(text: &str) -> Result<String, &'static str> {
    match words(text) {
        Some(1 | 2) => Ok(text.to_owned()),
        _ => Err("it is no region such as europe-west1, nor eur3 or nam5"),
    }
}

/// How many words there are before the number at the end.
fn words(text: &str) -> Option<usize> {
    let letters = text.trim_end_matches(|c: char| c.is_ascii_digit());
    let is_word =
        |word: &str| !word.is_empty() && word.bytes().all(|letter| letter.is_ascii_lowercase());
    let is_location = letters.len() < text.len() && letters.split('-').all(is_word);
    is_location.then(|| letters.split('-').count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_is_no_zone_and_a_location_may_be_several_regions() {
        for text in ["europe-west1", "northamerica-northeast2", "me-central1"] {
            assert!(region(text).is_ok() && location(text).is_ok(), "{text}");
        }
        for text in ["eur3", "nam5"] {
            assert!(region(text).is_err() && location(text).is_ok(), "{text}");
        }
        for text in [
            "",
            "1",
            "europe",
            "europe-west1-b",
            "Europe-west1",
            "europe-west1/x",
            "-west1",
        ] {
            assert!(region(text).is_err() && location(text).is_err(), "{text}");
        }
    }
}
