//! The registration form's fields: which a deployment asks for, and what is read from what was posted.

mod field;

use std::collections::BTreeMap;

use customer_entry::pages::Input;
use customer_entry::{FormProblem, UnverifiedForm};

use self::field::{Field, KNOWN, Presence, typed};

/// The fields of one deployment's form.
#[derive(Debug, Clone)]
pub struct FormFields(Vec<(Field, Presence)>);

/// What the customer typed, cleaned and checked: field name → value. Fields left empty are absent.
pub type Profile = BTreeMap<String, String>;

impl FormFields {
    /// Reads `company,name,email,phone?`: known names, each once, `?` for those that may stay
    /// empty. `None` for anything else, or no field at all.
    pub fn parse(text: &str) -> Option<Self> {
        let mut fields: Vec<(Field, Presence)> = Vec::new();
        for item in text.split(',').map(str::trim) {
            let (name, presence) = match item.strip_suffix('?') {
                Some(name) => (name, Presence::Optional),
                None => (item, Presence::Required),
            };
            let field = KNOWN.into_iter().find(|field| field.name == name)?;
            if fields.iter().any(|(known, _)| known.name == name) {
                return None;
            }
            fields.push((field, presence));
        }
        Some(Self(fields))
    }

    /// The form as it is shown first.
    pub fn empty(&self) -> Vec<Input> {
        self.0
            .iter()
            .map(|(field, presence)| field.input(*presence, "", None))
            .collect()
    }

    /// Checks what was posted: the profile, or the inputs with what is wrong with them.
    pub fn check(&self, form: &UnverifiedForm) -> Result<Result<Profile, Vec<Input>>, FormProblem> {
        let mut profile = Profile::new();
        let mut inputs = Vec::new();
        for (field, presence) in &self.0 {
            let pasted = form.at_most_once(field.name)?.unwrap_or_default();
            inputs.push(match field.read(*presence, pasted) {
                Ok(value) => {
                    let input = field.input(*presence, value.as_deref().unwrap_or_default(), None);
                    profile.extend(value.map(|value| (field.name.to_owned(), value)));
                    input
                }
                Err(problem) => field.input(*presence, &typed(pasted), Some(problem)),
            });
        }
        let valid = inputs.iter().all(|input| input.problem.is_none());
        Ok(if valid { Ok(profile) } else { Err(inputs) })
    }
}

#[cfg(test)]
mod tests;
