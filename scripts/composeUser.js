// Run once by the MongoDB of compose.yaml, in its own shell, when its volume is new: the service's user may use its database
// and nothing else.
const password = require('node:fs').readFileSync('/run/secrets/mongodb_password', 'utf8').trim();
const roles = ['readWrite', 'dbAdmin'].map((role) => ({ role, db: 'settlebot' }));
db.getSiblingDB('settlebot').createUser({ user: 'settlebot', pwd: password, roles });
