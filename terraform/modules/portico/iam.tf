# What more than one place needs; what a function alone needs is in modules/function. The rights to
# the Procurement API are not here: Google gives them to the accounts linked in Producer Portal.

locals {
  # Signs customers' hand-offs.
  signing = toset([for name in keys(local.configured) : name if contains(["signup", "sso-login"], name)])

  # Customers' service accounts: who may do what with them. Only an application that works in its
  # customers' projects has any.
  service_account_permissions = {
    for name, permissions in {
      service-account-link = ["create", "enable", "get"]
      procurement-events   = ["disable", "get"]
    } : name => [for verb in permissions : "iam.serviceAccounts.${verb}"] if var.service_account_link != null
  }
}

# Narrower than the predefined role, which also gives access tokens of the signer.
resource "google_project_iam_custom_role" "sign_jwt" {
  role_id     = "${local.identifier}_sign_jwt"
  title       = "Portico: sign hand-offs"
  permissions = ["iam.serviceAccounts.signJwt"]

  depends_on = [time_sleep.apis]
}

resource "google_service_account_iam_member" "sign_hand_off" {
  for_each = local.signing

  service_account_id = google_service_account.hand_off.name
  role               = google_project_iam_custom_role.sign_jwt.id
  member             = module.function[each.key].member
}

resource "google_project_iam_custom_role" "service_accounts" {
  for_each = local.service_account_permissions

  project     = local.service_account_project
  role_id     = "${local.identifier}_${replace(each.key, "-", "_")}"
  title       = "Portico: service accounts of customers, for ${each.key}"
  permissions = each.value

  depends_on = [time_sleep.apis]
}

resource "google_project_iam_member" "service_accounts" {
  for_each = local.service_account_permissions

  project = local.service_account_project
  role    = google_project_iam_custom_role.service_accounts[each.key].id
  member  = module.function[each.key].member
}

# On the one service, not on its project: that has check and report of all its services. It takes
# rights on the service, which may be in a project of others (`grant_usage_role`).
resource "google_endpoints_service_iam_member" "usage" {
  count = local.metered && var.grant_usage_role && var.usage_service_name != null ? 1 : 0

  service_name = var.usage_service_name
  role         = "roles/servicemanagement.serviceController"
  member       = module.function["usage-report"].member

  depends_on = [time_sleep.apis]
}

# The same on the services of further products. A resource of its own: the right above stays as it is where a vendor
# adds a product.
resource "google_endpoints_service_iam_member" "usage_of_products" {
  for_each = local.metered && var.grant_usage_role ? setsubtract(values(var.usage_service_names), [coalesce(var.usage_service_name, "-")]) : toset([])

  service_name = each.key
  role         = "roles/servicemanagement.serviceController"
  member       = module.function["usage-report"].member

  depends_on = [time_sleep.apis]
}

# What it takes to subscribe on this side; the topic's side is given by the link in Producer Portal.
resource "google_project_iam_custom_role" "subscribe" {
  role_id = "${local.identifier}_subscribe"
  title   = "Portico: keep the subscription to the Marketplace"
  permissions = [
    "pubsub.subscriptions.create",
    "pubsub.subscriptions.delete",
    "pubsub.subscriptions.get",
    "pubsub.subscriptions.update",
  ]

  depends_on = [time_sleep.apis]
}

resource "google_project_iam_member" "subscribe" {
  project = var.project
  role    = google_project_iam_custom_role.subscribe.id
  member  = google_service_account.subscriber.member
}

# A subscription that pushes as an account is created only by whoever may act as it.
resource "google_service_account_iam_member" "push_as" {
  service_account_id = google_service_account.push.name
  role               = "roles/iam.serviceAccountUser"
  member             = google_service_account.subscriber.member
}

# Pub/Sub makes the identity tokens that procurement-events verifies.
resource "google_service_account_iam_member" "push_tokens" {
  service_account_id = google_service_account.push.name
  role               = "roles/iam.serviceAccountOpenIdTokenCreator"
  member             = google_project_service_identity.pubsub.member
}

# Whoever applies this configuration acts as the subscriber for one resource.
resource "google_service_account_iam_member" "operators" {
  for_each = var.operators

  service_account_id = google_service_account.subscriber.name
  role               = "roles/iam.serviceAccountTokenCreator"
  member             = each.key
}
