# What is deployed, and where. No default for the project or the region: whoever deploys says where.

variable "deletion_protection" {
  description = "Protects the database, the secret and the services against deletion. Switch it off, and apply, before a teardown."
  type        = bool
  default     = true
  nullable    = false
}

variable "firestore_database" {
  description = "Id of the Firestore database that holds the links. A named one, so that it is nobody else's."
  type        = string
  default     = "portico"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,61}[a-z0-9]$", var.firestore_database))
    error_message = "firestore_database must be 4 to 63 lower-case letters, digits and hyphens that begin with a letter, such as portico."
  }
}

variable "firestore_location" {
  description = "Firestore location, which cannot be changed later, such as europe-west1 or eur3. null: the region."
  type        = string
  default     = null

  validation {
    condition     = var.firestore_location == null || can(regex("^[a-z]+([0-9]|-[a-z]+[0-9]+)$", var.firestore_location))
    error_message = "firestore_location must be a region such as europe-west1, or a multi-region: eur3 or nam5."
  }
}

variable "images" {
  description = "Function → its image by digest. A function without one has its service account already and no service yet; scripts/deploy.sh writes them to images.auto.tfvars.json."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for name in keys(var.images) : contains(keys(local.functions), name)])
    error_message = "images must have names of functions as keys: ${join(", ", keys(local.functions))}."
  }

  validation {
    condition     = alltrue([for image in values(var.images) : can(regex("^[^@\\s]+@sha256:[0-9a-f]{64}$", image))])
    error_message = "images must be named by digest, such as europe-west1-docker.pkg.dev/vendor-marketplace/portico/signup@sha256:0123…, because a tag may change its meaning."
  }
}

variable "max_instances" {
  description = "Upper bound of instances of each function that browsers and the application call: a bound of costs. One instance answers some hundred requests a second."
  type        = number
  default     = 10
  nullable    = false

  validation {
    condition     = var.max_instances >= 1 && var.max_instances <= 100 && floor(var.max_instances) == var.max_instances
    error_message = "max_instances must be a whole number from 1 to 100."
  }
}

variable "operators" {
  description = "Who applies this configuration, such as user:ops@example.com: may act as the service account that subscribes to the Marketplace."
  type        = set(string)
  nullable    = false

  validation {
    condition     = length(var.operators) > 0 && alltrue([for member in var.operators : can(regex("^(user|group|serviceAccount):[^@\\s:]+@[^@\\s:]+$", member))])
    error_message = "operators must be at least one member such as user:ops@example.com, group:ops@example.com or serviceAccount:deploy@project.iam.gserviceaccount.com."
  }
}

variable "prefix" {
  description = "Begins the name of everything here. Short, because ids of service accounts are."
  type        = string
  default     = "portico"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]([a-z0-9-]{0,7}[a-z0-9])?$", var.prefix))
    error_message = "prefix must be 1 to 9 lower-case letters, digits and hyphens that begin with a letter and do not end with a hyphen, such as portico."
  }
}

variable "project" {
  description = "Id of the Google Cloud project, best one that holds nothing else."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project))
    error_message = "project must be a project id (not its name or number) of 6 to 30 lower-case letters, digits and hyphens, such as vendor-marketplace."
  }
}

variable "region" {
  description = "Region of the functions, their images and jobs, such as europe-west1."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "region must be a region such as europe-west1 (not a zone such as europe-west1-b)."
  }
}
