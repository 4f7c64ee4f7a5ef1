import { foldText } from '../../kernel/searchWords.ts';
import { catalogueOf } from '../../texts/catalogues.ts';
import { LANGUAGES, type Language } from '../../texts/languages.ts';
import type { CommandName } from '../../texts/speech.ts';

/** What people write around a command, and what they call commands, where that is not the command's own name. */
type PlainWords = { fillers: string[]; names: Partial<Record<CommandName, string[]>> };

/** Whoever writes may know other languages than the one that they read: the words of all of them count for everybody. */
export const PLAIN_WORDS: Readonly<Record<Language, PlainWords>> = {
  en: {
    fillers: ['a', 'an', 'all', 'get', 'me', 'my', 'please', 'see', 'show', 'the', 'what', 'is', "what's"],
    names: {},
  },
  ru: {
    fillers: [
      ...['мой', 'моя', 'мое', 'мои', 'мне', 'все', 'всё', 'какой', 'какая', 'какие', 'где', 'покажи', 'покажите'],
      ...['показать', 'посмотреть', 'пожалуйста', 'хочу'],
    ],
    names: {
      balance: ['баланс'],
      invoices: ['счета', 'инвойсы'],
      invoice: ['счёт', 'инвойс'],
      orders: ['заказы'],
      order: ['заказ'],
      pay: ['оплатить', 'заплатить'],
      payouts: ['выплаты'],
      nextpayday: ['следующая выплата'],
      earnings: ['заработок', 'доход'],
      commissions: ['комиссии'],
      standing: ['статус'],
      overdue: ['просрочено', 'просрочки'],
      accept: ['принять'],
      reject: ['отклонить'],
      statement: ['выписка'],
      receipt: ['квитанция'],
      why: ['почему'],
      quarantine: ['карантин'],
      health: ['состояние'],
      model: ['модель'],
      settings: ['настройки'],
      help: ['помощь', 'справка'],
      unlink: ['отвязать'],
    },
  },
  uk: {
    fillers: [
      ...['мій', 'моя', 'моє', 'мої', 'мені', 'всі', 'усі', 'який', 'яка', 'яке', 'які', 'де', 'покажи', 'покажіть'],
      ...['показати', 'подивитися', 'будь', 'ласка', 'хочу'],
    ],
    names: {
      balance: ['баланс'],
      invoices: ['рахунки', 'інвойси'],
      invoice: ['рахунок', 'інвойс'],
      orders: ['замовлення'],
      pay: ['сплатити', 'оплатити', 'заплатити'],
      payouts: ['виплати'],
      nextpayday: ['наступна виплата'],
      earnings: ['заробіток', 'дохід'],
      commissions: ['комісії'],
      standing: ['статус'],
      overdue: ['прострочено', 'прострочення'],
      accept: ['прийняти'],
      reject: ['відхилити'],
      statement: ['виписка'],
      receipt: ['квитанція'],
      why: ['чому'],
      quarantine: ['карантин'],
      health: ['стан'],
      model: ['модель'],
      settings: ['налаштування'],
      help: ['допомога', 'довідка'],
      unlink: ['відв’язати', "відв'язати"],
    },
  },
  es: {
    fillers: [
      ...['mi', 'mis', 'me', 'muestra', 'muéstrame', 'mostrar', 'ver', 'por', 'favor', 'todas', 'todos', 'el', 'la'],
      ...['los', 'las', 'un', 'una', 'cuál', 'cuáles', 'es', 'son', 'quiero'],
    ],
    names: {
      balance: ['saldo'],
      invoices: ['facturas'],
      invoice: ['factura'],
      orders: ['pedidos'],
      order: ['pedido'],
      pay: ['pagar'],
      payouts: ['pagos'],
      nextpayday: ['próximo pago', 'siguiente pago'],
      earnings: ['ganancias', 'ingresos'],
      commissions: ['comisiones'],
      standing: ['estado', 'situación'],
      overdue: ['vencidas', 'vencidos'],
      accept: ['aceptar'],
      reject: ['rechazar'],
      statement: ['extracto'],
      receipt: ['recibo', 'comprobante'],
      why: ['porqué'],
      quarantine: ['cuarentena'],
      health: ['salud'],
      model: ['modelo'],
      settings: ['ajustes', 'configuración'],
      help: ['ayuda'],
      unlink: ['desvincular'],
    },
  },
  'pt-BR': {
    fillers: [
      ...['meu', 'meus', 'minha', 'minhas', 'me', 'mostra', 'mostre', 'mostrar', 'ver', 'por', 'favor', 'todas'],
      ...['todos', 'o', 'os', 'as', 'um', 'uma', 'qual', 'quais', 'são', 'é', 'quero'],
    ],
    names: {
      balance: ['saldo'],
      invoices: ['faturas'],
      invoice: ['fatura'],
      orders: ['pedidos'],
      order: ['pedido'],
      pay: ['pagar'],
      payouts: ['pagamentos'],
      nextpayday: ['próximo pagamento'],
      earnings: ['ganhos'],
      commissions: ['comissões'],
      standing: ['situação', 'estado'],
      overdue: ['vencidas', 'vencidos', 'atrasadas', 'atrasados'],
      accept: ['aceitar'],
      reject: ['rejeitar', 'recusar'],
      statement: ['extrato'],
      receipt: ['recibo', 'comprovante'],
      why: ['porquê'],
      quarantine: ['quarentena'],
      health: ['saúde'],
      model: ['modelo'],
      settings: ['configurações', 'ajustes'],
      help: ['ajuda'],
      unlink: ['desvincular'],
    },
  },
};

const all = Object.values(PLAIN_WORDS);
const fillers = new Set(all.flatMap((words) => words.fillers).map(foldText));
let names: ReadonlyMap<string, string> | undefined;

/** What commands are called in all languages. Read when somebody writes without a slash: a command line needs no catalogues. */
function namesOfAll(): ReadonlyMap<string, string> {
  const said = all.flatMap((words) => Object.entries(words.names));
  const found = new Map(said.flatMap(([name, ways]) => ways.map((one): [string, string] => [joined(one), name])));
  // What stands on a button can be written, too; a word that means another command as well keeps its first meaning.
  for (const language of LANGUAGES) {
    for (const [key, title] of catalogueOf(language)) {
      const name = /^commands\.(\w+)\.title$/.exec(key)?.[1];
      if (name !== undefined && !found.has(joined(title))) found.set(joined(title), name);
    }
  }
  return found;
}

/** Pressed in place of a reason, in all languages. */
export const NO_REASON = 'no reason';

const NO_REASONS: Readonly<Record<Language, string[]>> = {
  en: [NO_REASON, 'none', 'without a reason', 'without reason'],
  ru: ['без причины', 'без объяснения', 'без объяснений', 'нет причины', 'причины нет'],
  uk: ['без причини', 'без пояснення', 'без пояснень', 'немає причини', 'причини немає'],
  es: ['sin motivo', 'sin razón', 'ningún motivo', 'ninguno'],
  'pt-BR': ['sem motivo', 'sem razão', 'nenhum motivo', 'nenhum'],
};
const noReasons = new Set(Object.values(NO_REASONS).flat().map(foldText));

/** Whether words that stand in place of a reason say that there is none, in any of the languages. */
export function isNoReason(said: string): boolean {
  return noReasons.has(foldText(said.replace(/[.!]+$/, '')));
}

/** Whether a word says nothing of what is wanted. */
export function isFiller(word: string): boolean {
  return fillers.has(foldText(word));
}

/** The name of the command that a word, or several without their gaps, stands for in any language; else the word itself. */
export function plainNameOf(word: string): string {
  const folded = foldText(word);
  names ??= namesOfAll();
  return names.get(folded) ?? folded;
}

function joined(said: string): string {
  return foldText(said).replaceAll(' ', '');
}
