//! Everything locally, as a newcomer meets it: in a real browser, and without one.

#[cfg(test)]
mod auto_mode;
#[cfg(test)]
mod browser;
#[cfg(test)]
mod decisions;
#[cfg(test)]
mod deletion;
#[cfg(test)]
mod events;
#[cfg(test)]
mod form_mode;
#[cfg(test)]
mod image;
#[cfg(test)]
mod journey;
#[cfg(test)]
mod offers;
#[cfg(test)]
mod push;
#[cfg(test)]
mod refusals;
#[cfg(test)]
mod registry;
#[cfg(test)]
mod running_image;
#[cfg(test)]
mod scheduler;
#[cfg(test)]
mod smoke;
#[cfg(test)]
mod starting;
#[cfg(test)]
mod stored;
#[cfg(test)]
mod stranger;
#[cfg(test)]
mod tabs;
#[cfg(test)]
mod terraform;
#[cfg(test)]
mod workspace;
