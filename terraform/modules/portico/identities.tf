# Service accounts that no function runs as. None has a key.

locals {
  # By whom functions are called: address and unique id, because another account can be made at the address of one that
  # was deleted.
  push_identity      = "${google_service_account.push.email}=${google_service_account.push.unique_id}"
  scheduler_identity = "${google_service_account.scheduler.email}=${google_service_account.scheduler.unique_id}"
}

# Signs the hand-off to the application, and has no role at all.
resource "google_service_account" "hand_off" {
  account_id   = "${local.name}-hand-off"
  display_name = "Signs the hand-off to the application"

  depends_on = [time_sleep.apis]
}

# What procurement-events takes events from.
resource "google_service_account" "push" {
  account_id   = "${local.name}-push"
  display_name = "Delivers events of the Marketplace"

  depends_on = [time_sleep.apis]
}

# What functions take scheduled calls from.
resource "google_service_account" "scheduler" {
  account_id   = "${local.name}-scheduler"
  display_name = "Calls functions on schedule"

  depends_on = [time_sleep.apis]
}

# Creates the subscription to the Marketplace's topic, once it is linked in Producer Portal.
resource "google_service_account" "subscriber" {
  account_id   = "${local.name}-subscriber"
  display_name = "Subscribes to the Marketplace's events"

  depends_on = [time_sleep.apis]
}
