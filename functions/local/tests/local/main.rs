//! Everything locally, as a newcomer meets it: in a real browser, and without one.

#[cfg(test)]
mod auto_mode;
#[cfg(test)]
mod browser;
#[cfg(test)]
mod events;
#[cfg(test)]
mod form_mode;
#[cfg(test)]
mod journey;
#[cfg(test)]
mod refusals;
#[cfg(test)]
mod starting;
#[cfg(test)]
mod workspace;
