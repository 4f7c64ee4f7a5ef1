// Run once by mongosh beside a mongos, over its loopback address: makes the administrator and the service's user, adds the shards of
// SHARDS, and shards the collections as `settlebot shard-script` says. Run again it changes nothing that is there.
const { readFileSync } = require('node:fs');
const password = readFileSync('/run/secrets/mongodb_root_password', 'utf8').trim();
const admin = db.getSiblingDB('admin');

function authenticate() {
  try {
    return admin.auth('root', password).ok === 1;
  } catch {
    return false;
  }
}

if (!authenticate()) {
  admin.createUser({ user: 'root', pwd: password, roles: ['root'] });
  authenticate();
}
if (db.getSiblingDB('settlebot').getUser('settlebot') === null) load('/scripts/serviceUser.js');
const there = new Set(admin.runCommand({ listShards: 1 }).shards.map(({ _id }) => _id));
for (const shard of process.env.SHARDS.split(' ')) {
  if (!there.has(shard.split('/')[0])) sh.addShard(shard);
}
load('/shard/shard.js');
print('the cluster is ready');
